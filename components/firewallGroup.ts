import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { parseIpv4Address, parseIpv4Block } from "../lab/ipv4.ts";
import type { FirewallRule } from "../lab/firewallRules.ts";
import { under, type Problem } from "../lab/problem.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { physicalNameProblems } from "./physicalName.ts";
import { portRangeProblems } from "./ports.ts";
import { NETWORK_TIMEOUTS } from "./timeouts.ts";

/** What a firewall lets through, and at which ports. */
export interface FirewallGroupArgs {
  /**
   * Traffic into the networks behind the ports, by names that stay the same. The rules are tried in the order of the keys (a key that is
   * a whole number would come first: it is refused), the first that matches decides, and what none matches is dropped.
   */
  ingress: Record<string, FirewallRule>;
  /** Traffic out of them, in the same way. An answer to what was let in needs no rule. */
  egress: Record<string, FirewallRule>;
  /** Router interfaces (or ports of instances) that are guarded. A port can be in one group only. */
  portIds: pulumi.Input<string>[];
  /** Name of the group in OpenStack. @default the logical name */
  groupName?: string;
  /** Kept as the group's description, since FWaaS has no tags. @default [] */
  tags?: string[];
}

/**
 * A firewall group (FWaaS v2): rules in order, for traffic that passes a router. Security groups stay in force at the instances.
 * https://docs.openstack.org/neutron/latest/admin/fwaas-v2-scenario.html
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * // Web pages get in by the router, nothing else does.
 * new FirewallGroup("kim-firewall", {
 *   ingress: { web: { action: "allow", protocol: "tcp", destinationPort: 80 } },
 *   egress: { all: { action: "allow", protocol: "any" } },
 *   portIds: ["router-interface-id"],
 * });
 */
export class FirewallGroup extends pulumi.ComponentResource {
  /** For looking at it: `openstack firewall group show`. */
  readonly firewallGroupId: pulumi.Output<string>;

  constructor(name: string, args: FirewallGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`FirewallGroup "${name}"`, firewallGroupProblems(args));
    super("classroom:index:FirewallGroup", name, {}, opts);

    const { ingress, egress, portIds, groupName = name, tags = [] } = args;
    // Each refers to what it is made of, so Pulumi deletes group, policies and rules in this order, as Neutron wants it.
    const group = new openstack.firewall.GroupV2(
      `${name}-group`,
      {
        name: groupName,
        description: tags.join(" "),
        ingressFirewallPolicyId: this.createPolicy(`${name}-ingress`, ingress).id,
        egressFirewallPolicyId: this.createPolicy(`${name}-egress`, egress).id,
        ports: portIds,
      },
      { parent: this, customTimeouts: NETWORK_TIMEOUTS },
    );

    this.firewallGroupId = group.id;
    this.registerOutputs({ firewallGroupId: this.firewallGroupId });
  }

  private createPolicy(prefix: string, rules: Record<string, FirewallRule>): openstack.firewall.PolicyV2 {
    const ids = Object.entries(rules).map(([ruleName, rule]) => this.createRule(prefix, ruleName, rule).id);
    return new openstack.firewall.PolicyV2(
      `${prefix}-policy`,
      { name: `${prefix}-policy`, rules: ids },
      { parent: this, customTimeouts: NETWORK_TIMEOUTS },
    );
  }

  private createRule(prefix: string, ruleName: string, rule: FirewallRule): openstack.firewall.RuleV2 {
    const { action, protocol, destinationPort: first, lastDestinationPort: last, sourceIp, destinationIp } = rule;
    return new openstack.firewall.RuleV2(
      `${prefix}-${ruleName}-rule`,
      {
        name: `${prefix}-${ruleName}-rule`,
        action,
        protocol,
        ipVersion: 4,
        destinationPort: first === undefined ? undefined : last === undefined ? String(first) : `${first}:${last}`,
        sourceIpAddress: sourceIp,
        destinationIpAddress: destinationIp,
      },
      { parent: this },
    );
  }
}

/** Everything wrong with the arguments of a {@link FirewallGroup}. */
function firewallGroupProblems(args: Omit<FirewallGroupArgs, "portIds">): Problem[] {
  return [
    ...physicalNameProblems("groupName", args.groupName),
    ...(args.groupName === "default"
      ? [{ path: "groupName", reason: '"default" is the name of Neutron\'s own group; choose another' }]
      : []),
    ...under("ingress", rulesProblems(args.ingress)),
    ...under("egress", rulesProblems(args.egress)),
  ];
}

function rulesProblems(rules: Record<string, FirewallRule>): Problem[] {
  return Object.entries(rules).flatMap(([name, rule]) =>
    under(name, [
      ...(/^\d+$/.test(name)
        ? [{ path: "", reason: "a rule's name must not be a number, because numbers are put first; name what it does" }]
        : []),
      ...portRangeProblems(
        rule.protocol,
        { path: "destinationPort", port: rule.destinationPort },
        { path: "lastDestinationPort", port: rule.lastDestinationPort },
      ),
      ...placeProblems("sourceIp", rule.sourceIp),
      ...placeProblems("destinationIp", rule.destinationIp),
    ]),
  );
}

function placeProblems(path: string, place: string | undefined): Problem[] {
  return place === undefined || parseIpv4Address(place) !== undefined || parseIpv4Block(place) !== undefined
    ? []
    : [{ path, reason: `"${place}" is neither an address nor a network; write "10.0.7.5" or "10.0.7.0/24"` }];
}
