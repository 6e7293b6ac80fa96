import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "../../local-cloud/ebtables");

/** Neutron and tenacity as far as mac_rules.py knows them: it runs without either, and without root. */
const SCENARIO = `
import json, sys, types

listing = sys.argv[2].split("|")
commands = []

def module(name, **members):
    sys.modules[name] = types.ModuleType(name)
    for member, value in members.items():
        setattr(sys.modules[name], member, value)
    return sys.modules[name]

def ebtables(command, table="nat"):
    commands.append(command)
    return "\\n".join(listing)

ebtables.retry = types.SimpleNamespace(stop=None)
module("tenacity", stop_after_delay=lambda seconds: f"after {seconds} s")
parts = "neutron.plugins.ml2.drivers.linuxbridge.agent".split(".")
for end in range(1, len(parts) + 1):
    module(".".join(parts[:end]))
sys.modules[".".join(parts)].arp_protect = types.SimpleNamespace(
    ebtables=ebtables, _mac_chain_name=lambda interface: f"neutronMAC-{interface}", _delete_vif_mac_rules=None
)
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import mac_rules

mac_rules.install()
mac_rules.arp_protect._delete_vif_mac_rules("tap1", ["-i tap1 --among-src fa:16:3e:0:0:1 -j RETURN"] if sys.argv[3] == "present" else [])
print(json.dumps([commands, ebtables.retry.stop]))
`;

function run(listing: string[], current: "present" | "absent"): unknown {
  return JSON.parse(
    execFileSync("python3", ["-c", SCENARIO, folder, listing.join("|"), current], { encoding: "utf8" }),
  );
}

describe("the Linux bridge agent's MAC rules", () => {
  it("are deleted by number, the last first, and the DROP stays", () => {
    const listing = [
      "Bridge table: nat",
      "",
      "Bridge chain: neutronMAC-tap1, entries: 3, policy: RETURN",
      "1 -i tap1 --among-src fa:16:3e:0:0:1,fa:16:3e:0:0:2 -j RETURN",
      "2 -i tap1 --among-src fa:16:3e:0:0:3 -j RETURN",
      "3 -j DROP",
    ];
    expect(run(listing, "present")).toEqual([
      [
        ["-L", "neutronMAC-tap1", "--Ln"],
        ["-D", "neutronMAC-tap1", "2"],
        ["-D", "neutronMAC-tap1", "1"],
      ],
      "after 10 s",
    ]);
  });

  it("are left alone when there are none", () => {
    expect(run([], "absent")).toEqual([[], "after 10 s"]);
  });
});
