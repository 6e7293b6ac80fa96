import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { Classroom, makeOutside, type Outside, type Site } from "../cloud/guests.ts";
import { bringUp, until } from "../cloud/projectUser.ts";
import { pings } from "../cloud/testStack.ts";

let room: Classroom;
let outside: Outside;
let site: Site;
let group: string | undefined;
const fwaas = "/v2.0/fwaas";
const make = (path: string, kind: string, properties: object) =>
  room.user.makeId("network", `${fwaas}/${path}`, kind, properties);
const answersPing = () => pings(site.floatingIp, 0);
const letsIn = async () => (await room.ssh(site, "true")).exitCode === 0;

beforeAll(async () => {
  await bringUp("fwaas");
  outside = await makeOutside(`fwaastest-${process.pid}`, "external", {
    cidr: "10.10.20.0/24",
    gateway_ip: "10.10.20.1",
    allocation_pools: [{ start: "10.10.20.100", end: "10.10.20.199" }],
  });
  room = await Classroom.open("fwaastest");
  site = await room.site("behind", "192.168.103.0/24", outside);
  await room.ready(site);
});
afterAll(async () => {
  await removeGroup();
  for (const [path, kinds] of [
    ["firewall_policies", "firewall_policies"],
    ["firewall_rules", "firewall_rules"],
  ] as const) {
    const mine = z
      .record(z.string(), z.array(z.object({ id: z.string(), project_id: z.string(), name: z.string() })))
      .parse(await room.user.call("network", "GET", `${fwaas}/${path}?project_id=${room.user.projectId}`))[kinds];
    for (const { id, name } of mine ?? [])
      if (!name.startsWith("default")) await room.user.call("network", "DELETE", `${fwaas}/${path}/${id}`);
  }
  await room.close();
  await outside.remove();
});

it("lets pass what its rules allow and nothing else, for as long as the group is there", async () => {
  expect(await answersPing()).toBe(true);

  const ssh = await make("firewall_rules", "firewall_rule", {
    ...{ name: "ssh", protocol: "tcp", destination_port: "22", action: "allow" },
  });
  const any = await make("firewall_rules", "firewall_rule", { name: "any", action: "allow" });
  const inwards = await make("firewall_policies", "firewall_policy", { name: "in", firewall_rules: [ssh] });
  const outwards = await make("firewall_policies", "firewall_policy", { name: "out", firewall_rules: [any] });
  group = await make("firewall_groups", "firewall_group", {
    name: "group",
    ingress_firewall_policy_id: inwards,
    egress_firewall_policy_id: outwards,
    ports: [site.routerPortId],
  });
  await until("firewall group ACTIVE", 30, async () => (await groupStatus()) === "ACTIVE");
  await until("no ping", 10, async () => !(await answersPing()));
  expect(await letsIn()).toBe(true);

  await removeGroup();
  await until("ping", 20, answersPing);
});

async function groupStatus(): Promise<string> {
  return z
    .object({ firewall_group: z.object({ status: z.string() }) })
    .parse(await room.user.call("network", "GET", `${fwaas}/firewall_groups/${group ?? ""}`)).firewall_group.status;
}

/** A group that guards ports is in use: they go first. */
async function removeGroup(): Promise<void> {
  if (group === undefined) return;
  const path = `${fwaas}/firewall_groups/${group}`;
  await room.user.call("network", "PUT", path, { firewall_group: { ports: [] } });
  await until("firewall group without ports", 30, async () => (await groupStatus()) === "INACTIVE");
  await room.user.call("network", "DELETE", path);
  await until("firewall group deleted", 30, async () => (await room.user.ask("network", "GET", path)).status === 404);
  group = undefined;
}
