import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { join } from "node:path";

/** A network namespace of this test's own: it needs root and the cloud's Debian packages, but not the cloud. */
const NAMESPACE = `ebtables-test-${process.pid}`;
const folder = join(import.meta.dirname, "../../local-cloud/ebtables");

/** The life of a port, with the agent's own functions. */
const SCENARIO = `
import json, sys, tempfile
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from neutron import privileged
from neutron.conf.agent import common
from neutron.plugins.ml2.drivers.linuxbridge.agent import arp_protect
from oslo_concurrency import lockutils
from oslo_config import cfg
import mac_rules

# What the agent leaves to its privileged helper is run in this process.
privileged.default.set_client_mode(False)
common.register_root_helper(cfg.CONF)
lockutils.set_defaults(tempfile.mkdtemp())
mac_rules.install()

def protect(port, mac, addresses, pairs=()):
    arp_protect.setup_arp_spoofing_protection(port, {
        "mac_address": mac, "device_owner": "compute:nova", "port_security_enabled": True,
        "fixed_ips": [{"ip_address": address} for address in addresses],
        "allowed_address_pairs": [{"ip_address": address, "mac_address": mac} for address, mac in pairs],
    })

def chain(name):
    listed = arp_protect.ebtables(["-L", name]).splitlines()
    return listed[listed.index(next(line for line in listed if line.startswith("Bridge chain: " + name))) + 1:]

protect("tap-first", "fa:16:3e:00:00:01", ["10.0.0.1"])
protect("tap-other", "fa:16:3e:00:00:02", ["10.0.0.2"])
protect("tap-first", "fa:16:3e:00:00:01", ["10.0.0.1", "10.0.0.7"], [("10.0.0.9", "fa:16:3e:00:00:09")])
grown = chain("neutronMAC-tap-first")
protect("tap-first", "fa:16:3e:00:00:01", ["10.0.0.1"])
shrunk = chain("neutronMAC-tap-first")
arp_protect.delete_unreferenced_arp_protection(["tap-other"])
print(json.dumps({"grown": grown, "shrunk": shrunk, "left": arp_protect.ebtables(["-L"])}))
`;

beforeAll(() => execa("ip", ["netns", "add", NAMESPACE]));
afterAll(() => execa("ip", ["netns", "del", NAMESPACE]));

it("lets a port's addresses change and the port go, in a few seconds", { timeout: 60_000 }, async () => {
  const { stdout } = await execa(
    "ip",
    ["netns", "exec", NAMESPACE, "/usr/bin/python3", "-W", "ignore", "-c", SCENARIO, folder],
    { timeout: 30_000, env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" } },
  );
  const result: unknown = JSON.parse(stdout);
  expect(result).toMatchObject({
    grown: ["-i tap-first --among-src fa:16:3e:0:0:1,fa:16:3e:0:0:9 -j RETURN", "-j DROP"],
    shrunk: ["-i tap-first --among-src fa:16:3e:0:0:1 -j RETURN", "-j DROP"],
  });
  expect(result).toHaveProperty("left", expect.stringContaining("neutronMAC-tap-other"));
  expect(result).toHaveProperty("left", expect.not.stringContaining("tap-first"));
});
