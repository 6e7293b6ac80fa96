import { randomBytes } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { neutronState } from "../../local-cloud/config/neutron.ts";
import { startPrograms, stopPrograms } from "../../local-cloud/supervisor.ts";
import { Classroom, makeOutside, type Outside, type Site } from "../cloud/guests.ts";
import { bringUp, until } from "../cloud/projectUser.ts";

const blocks = { seoul: "192.168.101.0/24", busan: "192.168.102.0/24" };
type Name = keyof typeof blocks;
const kinds = ["ipsec-site-connections", "vpnservices", "endpoint-groups", "ikepolicies", "ipsecpolicies"];

let room: Classroom;
let outside: Outside;
let sites: Record<Name, Site>;
const make = (kind: string, one: string, properties: object) =>
  room.user.make("network", `/v2.0/vpn/${kind}`, one, properties);
const list = async (kind: string) =>
  z
    .record(z.string(), z.array(z.object({ id: z.string(), status: z.string().optional() })))
    .parse(await room.user.call("network", "GET", `/v2.0/vpn/${kind}`))[kind.replaceAll("-", "_")] ?? [];
const seoulToBusan = () => room.pings(sites.seoul, sites.busan.fixedIp);
const busanToSeoul = () => room.pings(sites.busan, sites.seoul.fixedIp);
const bothWays = async () => (await seoulToBusan()) && (await busanToSeoul());

beforeAll(async () => {
  await bringUp("vpn");
  outside = await makeOutside(`vpntest-${process.pid}`, "external", {
    cidr: "10.10.20.0/24",
    gateway_ip: "10.10.20.1",
    allocation_pools: [{ start: "10.10.20.100", end: "10.10.20.199" }],
  });
  room = await Classroom.open("vpntest");
  sites = {
    seoul: await room.site("seoul", blocks.seoul, outside),
    busan: await room.site("busan", blocks.busan, outside),
  };
  await Promise.all(Object.values(sites).map((site) => room.ready(site)));
});
afterAll(async () => {
  for (const kind of kinds) {
    for (const { id } of await list(kind)) await room.user.call("network", "DELETE", `/v2.0/vpn/${kind}/${id}`);
    await until(`${kind} deleted`, 60, async () => (await list(kind)).length === 0);
  }
  await room.close();
  await outside.remove();
});

it("carries a ping between two self-service networks, both ways, where there was none", async () => {
  expect(await seoulToBusan()).toBe(false);
  await connect();
  console.log(`VPN carried both ways ${await until("VPN", 90, bothWays)} s after its connections were asked for`);
});

it("carries it after the L3 agent was restarted, which then looks after it again", async () => {
  await stopPrograms("inside", ["neutron-l3"]);
  const began = Date.now();
  await startPrograms("inside", ["neutron-l3"]);
  // Not the agent itself, which is back long before it has gone through its routers; but the answer that it was last given.
  const answers = Object.values(sites).map(({ routerId }) =>
    join(neutronState, "ipsec", routerId, "var/run/status.answer"),
  );
  const looked = () => answers.every((path) => existsSync(path) && statSync(path).mtimeMs > began);
  await until("L3 agent looks after the VPN", 120, () => Promise.resolve(looked()));
  await until("VPN", 60, bothWays);
});

it("carries nothing any more without its connections", async () => {
  for (const { id } of await list("ipsec-site-connections"))
    await room.user.call("network", "DELETE", `/v2.0/vpn/ipsec-site-connections/${id}`);
  await until("no VPN", 60, async () => !(await seoulToBusan()) && !(await busanToSeoul()));
});

async function connect(): Promise<void> {
  const algorithms = { encryption_algorithm: "aes-256", auth_algorithm: "sha256", pfs: "group14" };
  const ike = await make("ikepolicies", "ikepolicy", { name: "ike", ike_version: "v2", ...algorithms });
  const ipsec = await make("ipsecpolicies", "ipsecpolicy", { name: "ipsec", transform_protocol: "esp", ...algorithms });
  const psk = randomBytes(16).toString("hex");
  const services = { seoul: await service("seoul"), busan: await service("busan") };
  for (const [here, there] of [
    ["seoul", "busan"],
    ["busan", "seoul"],
  ] as const) {
    const local = await make("endpoint-groups", "endpoint_group", {
      ...{ type: "subnet", endpoints: [sites[here].subnetId] },
    });
    const peer = await make("endpoint-groups", "endpoint_group", { type: "cidr", endpoints: [blocks[there]] });
    await make("ipsec-site-connections", "ipsec_site_connection", {
      name: here,
      vpnservice_id: services[here].id,
      ikepolicy_id: ike["id"],
      ipsecpolicy_id: ipsec["id"],
      peer_address: services[there].external_v4_ip,
      peer_id: services[there].external_v4_ip,
      local_ep_group_id: local["id"],
      peer_ep_group_id: peer["id"],
      psk,
    });
  }
}

async function service(site: Name): Promise<{ id: string; external_v4_ip: string }> {
  const made = await make("vpnservices", "vpnservice", { name: site, router_id: sites[site].routerId });
  return z.object({ id: z.string(), external_v4_ip: z.string() }).parse(made);
}
