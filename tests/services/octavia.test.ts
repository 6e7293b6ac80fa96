import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { bringUp, ProjectUser, until } from "../cloud/projectUser.ts";

const lbaas = "/v2.0/lbaas";
let user: ProjectUser;
let loadBalancer: string;
let networkId: string | undefined;

const Status = z.object({ provisioning_status: z.string(), operating_status: z.string(), vip_address: z.string() });
const status = async () =>
  Status.parse(
    z
      .object({ loadbalancer: z.unknown() })
      .parse(await user.call("load-balancer", "GET", `${lbaas}/loadbalancers/${loadBalancer}`)).loadbalancer,
  );
const isActive = async () => (await status()).provisioning_status === "ACTIVE";
/** Each change makes the whole load balancer wait until it is applied. */
const make = async (path: string, kind: string, properties: object) => {
  const id = await user.makeId("load-balancer", `${lbaas}/${path}`, kind, properties);
  if (kind === "loadbalancer") loadBalancer = id;
  await until(`${kind} ACTIVE`, 30, isActive);
  return id;
};

beforeAll(async () => {
  await bringUp("octavia");
  user = await ProjectUser.make(`octaviatest-${process.pid}`);
});
afterAll(async () => {
  if (networkId !== undefined) await user.call("network", "DELETE", `/v2.0/networks/${networkId}`);
  await user.remove();
});

it("answers the first requests of a project's member, however many come at once", async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => user.ask("load-balancer", "GET", `${lbaas}/loadbalancers`)),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array<number>(8).fill(200));
});

it("takes a load balancer with all its parts from a project's member, and lets it go", async () => {
  networkId = await user.makeId("network", "/v2.0/networks", "network", { name: "lb" });
  const subnet = await user.makeId("network", "/v2.0/subnets", "subnet", {
    network_id: networkId,
    ip_version: 4,
    cidr: "192.168.77.0/24",
  });
  await make("loadbalancers", "loadbalancer", { name: "lb", vip_subnet_id: subnet });
  // The virtual IP is an address of the subnet that nobody else gets.
  expect((await status()).vip_address).toMatch(/^192\.168\.77\./);
  const listener = await make("listeners", "listener", {
    loadbalancer_id: loadBalancer,
    protocol: "HTTP",
    protocol_port: 80,
  });
  const pool = await make("pools", "pool", { listener_id: listener, protocol: "HTTP", lb_algorithm: "ROUND_ROBIN" });
  await make(`pools/${pool}/members`, "member", { address: "192.168.77.10", protocol_port: 80 });
  await make("healthmonitors", "healthmonitor", {
    pool_id: pool,
    type: "HTTP",
    delay: 5,
    timeout: 3,
    max_retries: 2,
  });
  // Nothing looks after members here.
  expect(await status()).toMatchObject({ provisioning_status: "ACTIVE", operating_status: "OFFLINE" });

  await user.call("load-balancer", "DELETE", `${lbaas}/loadbalancers/${loadBalancer}?cascade=true`);
  const gone = async () =>
    (await user.ask("load-balancer", "GET", `${lbaas}/loadbalancers/${loadBalancer}`)).status === 404;
  await until("load balancer gone", 30, gone);
});
