import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { describe, expect, expectTypeOf, it } from "vitest";
import { classLine, stackDetails } from "../../course/changeWords.ts";
import type { PlannedStep } from "../../course/plannedStep.ts";
import { classifySteps } from "../../course/studentChange.ts";
import { stepSchema } from "./trimmedSteps.ts";

const folder = new URL("fixtures/", import.meta.url).pathname;

/** What Pulumi's engine told of a change on a real cloud; see recordPlannedSteps.ts. */
function recorded(change: string) {
  return readFileSync(`${folder}${change}.jsonl`, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => stepSchema.parse(JSON.parse(line)));
}

function wordsOf(name: string): { line: string; details: string[] } {
  const change = classifySteps(recorded(name), { prefix: "h4-kim" });
  return {
    line: classLine([{ student: "kim", name: "Kim", change }]),
    details: stackDetails("Kim", change)
      .slice(1)
      .map((line) => line.replace("  - ", "")),
  };
}

const words: Record<string, [line: string, ...details: string[]]> = {
  "asked-for": [
    "1 rebuilt, disk lost: Kim (asked for)",
    "volume data is detached for a moment; its data stay (asked for)",
    "instance web1 is rebuilt: its disk is lost (asked for)",
  ],
  "changed-by-hand": [
    "1 set right: Kim (volume data was detached by hand; instance web2 was changed by hand)",
    "volume data was detached by hand; it is attached again",
    "instance web2 was changed by hand; it is set back",
  ],
  cidr: [
    "1 interrupted: Kim (address range 192.168.60.0/24 → 192.168.70.0/24)",
    "router router is joined to network lan anew: there is no way in or out for a moment (address range 192.168.60.0/24 → 192.168.70.0/24)",
    "subnet of lan is made anew, 192.168.70.0/24 instead of 192.168.60.0/24: every address on it changes, and Neutron refuses it while an instance is on it",
    "port of kept gets another address instead of 192.168.60.188; the instance knows it only after DHCP or a reboot (address range 192.168.60.0/24 → 192.168.70.0/24)",
    "port of web1 gets 192.168.70.10 instead of 192.168.60.10; the instance knows it only after DHCP or a reboot (address range 192.168.60.0/24 → 192.168.70.0/24)",
    "port of web2 gets another address instead of 192.168.60.166; the instance knows it only after DHCP or a reboot (address range 192.168.60.0/24 → 192.168.70.0/24)",
    "floating IP of web1 may have to be connected again (address range 192.168.60.0/24 → 192.168.70.0/24)",
  ],
  "container-removed": [
    "1 reduced, objects lost: Kim (container files is no longer in the lab)",
    "container files is deleted: its objects are lost",
  ],
  "fixed-ip": [
    "1 interrupted: Kim (fixed IP 192.168.60.10 → 192.168.60.11)",
    "port of web1 gets 192.168.60.11 instead of 192.168.60.10; the instance knows it only after DHCP or a reboot",
  ],
  "flavor-replaced": [
    "1 restarted: Kim (memory of the flavor changed)",
    "flavor h4-tiny is made anew (memory of the flavor changed)",
    "instance web1 gets another size: it is down for a while, its disk stays (memory of the flavor changed)",
  ],
  flavor: [
    "1 restarted: Kim (flavor changed)",
    "instance web1 gets another size: it is down for a while, its disk stays (flavor changed)",
  ],
  "floating-ip-lent": [
    "1 interrupted: Kim (floating IP leads to another instance)",
    "floating IP of web1 leads to another instance",
  ],
  "floating-ip-removed": [
    "1 reduced: Kim (floating IP of web1 is no longer in the lab)",
    "floating IP of web1 is given up: 10.10.30.107 leads nowhere, and may become somebody else's",
  ],
  image: [
    "1 rebuilt, disk lost: Kim (image changed)",
    "volume data is detached for a moment; its data stay (image changed)",
    "instance web1 is rebuilt: its disk is lost (image changed)",
  ],
  "instance-added": ["1 extended: Kim (instance web3 is made)", "instance web3 is made"],
  "instance-deleted-by-hand": [
    "1 set right: Kim (instance web1 was deleted by hand; volume data was detached by hand; instance web2 was changed by hand)",
    "instance web1 was deleted by hand; it is made again, with a new disk",
    "volume data was detached by hand; it is attached again",
    "instance web2 was changed by hand; it is set back",
  ],
  "instance-removed": [
    "1 reduced, disk lost: Kim (instance web2 is no longer in the lab)",
    "instance web2 is deleted: its disk is lost",
  ],
  key: [
    "1 rebuilt, disk lost: Kim (public key changed)",
    "volume data is detached for a moment; its data stay (public key changed)",
    "instance web2 is rebuilt: its disk is lost (public key changed)",
    "instance web1 is rebuilt: its disk is lost (public key changed)",
    "instance kept is made anew; its disk is a volume and stays (public key changed)",
    "key pair key is another one; only instances made from now on know it (public key changed)",
  ],
  "more-networks": [
    "1 rebuilt, disk lost: Kim (its networks changed)",
    "a further port of web2 is made",
    "instance web2 is rebuilt: its disk is lost (its networks changed)",
  ],
  "new-student": ["1 new: Kim"],
  "no-change": ["1 unchanged"],
  "object-changed": [
    "1 rebuilt, object lost: Kim (its text changed)",
    "object a.txt is written again: what is in it now is lost (its text changed)",
  ],
  "project-renamed": [
    "1 reduced: Kim (user h4-kim is no longer in the lab)",
    "project h4-kim is changed; everything in it stays (name changed)",
    "user other is made",
    "user h4-kim is deleted and can no longer log in",
  ],
  "provider-network-replaced": [
    "1 interrupted: Kim (address range 10.10.30.0/24 → 10.10.10.0/24)",
    "floating IP of web1 becomes another address instead of 10.10.30.107: URL and ssh command change (address range 10.10.30.0/24 → 10.10.10.0/24)",
    "subnet of h4-h4-ext is made anew, 10.10.10.0/24 instead of 10.10.30.0/24: every address on it changes, and Neutron refuses it while an instance is on it",
    "router router leads out by another network: its public address changes (address range 10.10.30.0/24 → 10.10.10.0/24)",
  ],
  quota: ["1 changed: Kim (quotas changed)", "compute quotas change: instances 5 → 6; what is there stays"],
  "rule-added": [
    "1 changed: Kim (security group web opens tcp 80 from 0.0.0.0/0)",
    "security group web opens tcp 80 from 0.0.0.0/0",
  ],
  "rule-removed": [
    "1 changed: Kim (security group web closes icmp from 0.0.0.0/0: new connections are kept out)",
    "security group web closes icmp from 0.0.0.0/0: new connections are kept out",
  ],
  "security-group-added": [
    "1 changed: Kim (security groups changed)",
    "security group more is made",
    "port of kept gets other security groups: what reaches it changes",
    "port of web1 gets other security groups: what reaches it changes",
    "port of web2 gets other security groups: what reaches it changes",
  ],
  step: [
    "1 reduced, disk lost: Kim (instance web1 is no longer in the lab)",
    "volume data is detached; its data stay",
    "floating IP of web1 is given up: 10.10.30.107 leads nowhere, and may become somebody else's",
    "instance web1 is deleted: its disk is lost",
  ],
  "user-data-on-volume": [
    "1 restarted: Kim (user data changed)",
    "instance kept is made anew; its disk is a volume and stays (user data changed)",
  ],
  "user-data": [
    "1 rebuilt, disk lost: Kim (user data changed)",
    "volume data is detached for a moment; its data stay (user data changed)",
    "instance web1 is rebuilt: its disk is lost (user data changed)",
  ],
  "volume-grown": ["1 changed: Kim (size 2 → 3 GiB)", "volume data grows from 2 to 3 GiB; its data stay"],
  "volume-moved": [
    "1 interrupted: Kim (moved to another instance)",
    "volume data moves to another instance; its data stay",
  ],
  "volume-removed": [
    "1 reduced, volume lost: Kim (volume data is no longer in the lab)",
    "volume data is deleted: its data are lost",
  ],
  "volume-replaced": [
    "1 rebuilt, volume lost: Kim (image changed)",
    "volume data is deleted and made anew: its data are lost (image changed)",
  ],
  "volume-shrunk": [
    "1 changed: Kim (size 2 → 1 GiB)",
    "volume data is to shrink from 2 to 1 GiB, which Cinder refuses",
  ],
};

describe("what Pulumi told of a real cloud", () => {
  it.each(Object.entries(words))("is said in the teacher's words: %s", (name, [line, ...details]) => {
    expect(wordsOf(name)).toEqual({ line, details });
  });

  it("is said for every recording", () => {
    expect(
      globSync(`${folder}*.jsonl`)
        .map((file) => basename(file, ".jsonl"))
        .sort(),
    ).toEqual(Object.keys(words).sort());
  });

  it("needs no translation of the engine's events", () => {
    expectTypeOf<StepEventMetadata>().toExtend<PlannedStep>();
  });

  it("has nothing of the machine or the people it was recorded with", () => {
    const all = globSync(`${folder}*.jsonl`)
      .map((file) => readFileSync(file, "utf8"))
      .join("");
    expect(all).not.toMatch(/\/(root|home|work|tmp|var)\/|PRIVATE KEY|AAAA[A-Z]|ciphertext/);
    expect(all.replaceAll("04da6b54-80e4-46f7-96ec-b56ff0331ba9", "")).not.toMatch(
      /[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{32}/,
    );
  });
});
