import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SelfServiceNetwork } from "../../components/selfServiceNetwork.ts";
import { mockCloud, TYPES, valueOf, type MockCloud } from "../support/mockCloud.ts";

const args = { cidr: "10.0.7.0/24", tags: ["student:kim"] };
let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

describe("SelfServiceNetwork", () => {
  it("registers itself, then one network and one subnet named after it", async () => {
    await valueOf(new SelfServiceNetwork("kim", args).subnetId);
    expect(cloud.registrations.map(({ type, name }) => [type, name])).toEqual([
      ["classroom:index:SelfServiceNetwork", "kim"],
      [TYPES.network, "kim-network"],
      [TYPES.subnet, "kim-subnet"],
    ]);
  });

  it("puts the subnet on its network with DHCP on, and tags both", async () => {
    expect(await valueOf(new SelfServiceNetwork("kim", args).subnetId)).toBe("kim-subnet-id");
    expect(cloud.only(TYPES.network)).toEqual({ name: "kim", tags: ["student:kim"] });
    expect(cloud.only(TYPES.subnet)).toEqual({
      name: "kim-subnet",
      networkId: "kim-network-id",
      ipVersion: 4,
      cidr: "10.0.7.0/24",
      enableDhcp: true,
      dnsNameservers: [],
      tags: ["student:kim"],
    });
  });

  it("passes on gateway, pool, resolvers and DHCP off", async () => {
    const pool = { start: "10.0.7.100", end: "10.0.7.200" };
    const network = new SelfServiceNetwork("kim", {
      ...args,
      gatewayIp: "10.0.7.254",
      allocationPools: [pool],
      dnsNameservers: ["8.8.8.8"],
      enableDhcp: false,
    });
    await valueOf(network.subnetId);
    expect(cloud.only(TYPES.subnet)).toMatchObject({
      gatewayIp: "10.0.7.254",
      allocationPools: [pool],
      dnsNameservers: ["8.8.8.8"],
      enableDhcp: false,
    });
  });

  it.each([
    [{ cidr: "10.0.7.1/24" }, '"10.0.7.1/24" is an address, not a network; the network is "10.0.7.0/24"'],
    [{ cidr: "10.0.7.0/29" }, "/29 has too few addresses; use /28 or larger"],
    [{ gatewayIp: "10.0.8.1" }, "choose one from 10.0.7.1 to 10.0.7.254"],
    [{ allocationPools: [{ start: "10.0.7.9", end: "10.0.7.2" }] }, "exchange them"],
    [
      { gatewayIp: "10.0.7.5", allocationPools: [{ start: "10.0.7.2", end: "10.0.7.9" }] },
      "the gateway 10.0.7.5 lies inside 10.0.7.2–10.0.7.9",
    ],
  ])("refuses %o and registers nothing", async (wrong, reason) => {
    expect(() => new SelfServiceNetwork("kim", { ...args, ...wrong })).toThrow(reason);
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });

  it("names every bad argument at once", () => {
    expect(() => new SelfServiceNetwork("kim", { cidr: "x", dnsNameservers: ["dns"] })).toThrow(
      [
        'SelfServiceNetwork "kim":',
        '  cidr: "x" is not an IPv4 network; write one like "10.0.7.0/24"',
        '  dnsNameservers[0]: "dns" is not an IPv4 address; write one like "10.0.7.1"',
      ].join("\n"),
    );
  });
});
