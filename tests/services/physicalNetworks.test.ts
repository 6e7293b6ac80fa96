import { afterAll, beforeAll, expect, it } from "vitest";
import { Classroom, makeOutside, type Outside, type Site } from "../cloud/guests.ts";
import { pings } from "../cloud/testStack.ts";

/** Two of the labs' networks, of which one lies within the other's block; a router of each with a guest behind it. */
let room: Classroom;
const outsides: Outside[] = [];
let large: Site;
let small: Site;
let withoutDns: Site;

beforeAll(async () => {
  const outside = async (name: string, cidr: string, gateway_ip: string, start: string, end: string) => {
    const subnet = { cidr, gateway_ip, allocation_pools: [{ start, end }] };
    const made = await makeOutside(`nettest-${name}-${process.pid}`, name, subnet);
    outsides.push(made);
    return made;
  };
  const extnet = await outside("extnet", "10.0.0.0/8", "10.0.0.1", "10.5.117.101", "10.5.117.199");
  const ext1 = await outside("ext1", "10.0.0.0/24", "10.0.0.2", "10.0.0.210", "10.0.0.220");
  room = await Classroom.open("nettest");
  large = await room.site("large", "172.16.1.0/24", extnet, { dns_nameservers: ["8.8.8.8"] });
  const gateway = { gateway_ip: "192.168.0.254", dns_nameservers: ["10.0.0.2"] };
  small = await room.site("small", "192.168.0.0/24", ext1, gateway);
  withoutDns = await room.site("without-dns", "192.168.1.0/24", ext1);
  for (const site of [large, small, withoutDns]) await room.ready(site);
});
afterAll(async () => {
  await room.close();
  for (const { remove } of outsides) await remove();
});

it("reaches the guests of both networks at once, and lets them reach each other's gateway", async () => {
  expect(large.floatingIp).toMatch(/^10\.5\.117\./);
  expect(small.floatingIp).toMatch(/^10\.0\.0\.2/);
  for (const site of [large, small]) {
    expect(await pings(site.floatingIp, 5)).toBe(true);
    for (const gateway of ["10.0.0.1", "10.0.0.2", "172.24.4.1"]) expect(await room.pings(site, gateway)).toBe(true);
  }
});

const finds = async (site: Site, name: string) => (await room.ssh(site, `nslookup ${name}`)).exitCode === 0;

it("tells names of the cloud's own to guests that were given a resolver, and no others", async () => {
  for (const site of [large, small]) {
    expect(await finds(site, "gateway.cloud.internal")).toBe(true);
    expect(await finds(site, "example.org")).toBe(false);
    expect((await room.ssh(site, "ping -c 1 -W 2 gateway.cloud.internal")).exitCode).toBe(0);
  }
  expect(await finds(withoutDns, "gateway.cloud.internal")).toBe(false);
});
