"""Lets Neutron's Linux bridge agent live with Debian's ebtables, which is ebtables-nft 1.8.9.

That one can add a rule with --among-src but not delete it by its text: "RULE_DELETE failed (Invalid argument)". The agent does so
whenever the addresses of a port change and when it is restarted beside running guests; it then tries for ever, and no other port is
wired any more. Deleting by number works. The agent builds the commands itself and has its privileged helper run them as they are,
so this is the place to change them: nothing of the machine is touched. Later releases of Neutron empty the whole chain instead.
"""
import tenacity

from neutron.plugins.ml2.drivers.linuxbridge.agent import arp_protect

# How long one command is tried again, in seconds. Neutron has no limit, but one port that cannot be wired must not hold up the others.
PATIENCE = 10


def delete_vif_mac_rules(vif, current_rules):
    """Deletes the rules that let the interface's own MAC addresses pass; the DROP at the end of its chain stays in place."""
    if not any(f"-i {vif} " in rule and "--among-src" in rule for rule in current_rules):
        return
    chain = arp_protect._mac_chain_name(vif)
    # Each line that is a rule begins with its number.
    listed = arp_protect.ebtables(["-L", chain, "--Ln"]).splitlines()
    numbers = [rule.split()[0] for rule in listed if "--among-src" in rule]
    # From the last to the first, because those after a deleted rule move up.
    for number in reversed(numbers):
        arp_protect.ebtables(["-D", chain, number])


def install():
    """Makes the agent, in this process, use the above."""
    arp_protect._delete_vif_mac_rules = delete_vif_mac_rules
    arp_protect.ebtables.retry.stop = tenacity.stop_after_delay(PATIENCE)
