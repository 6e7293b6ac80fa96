import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ClosedNetwork, type ClosedNetworkArgs } from "../../components/closedNetwork.ts";
import { mockCloud, TYPES, valueOf, type MockCloud } from "../support/mockCloud.ts";

const args: ClosedNetworkArgs = { cidr: "192.168.233.0/24", tags: ["course:dev"] };
let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

describe("ClosedNetwork", () => {
  it("has one subnet without a gateway, DHCP on, and no router", async () => {
    const network = new ClosedNetwork("closed", args);
    expect(await valueOf(network.networkId)).toBe("closed-network-id");
    expect(await valueOf(network.subnetId)).toBe("closed-subnet-id");
    expect(cloud.registrations.map(({ type, name }) => [type, name])).toEqual([
      ["classroom:index:ClosedNetwork", "closed"],
      [TYPES.network, "closed-network"],
      [TYPES.subnet, "closed-subnet"],
    ]);
    expect(cloud.only(TYPES.network)).toEqual({ name: "closed", shared: false, tags: ["course:dev"] });
    expect(cloud.only(TYPES.subnet)).toEqual({
      name: "closed-subnet",
      networkId: "closed-network-id",
      ipVersion: 4,
      cidr: "192.168.233.0/24",
      noGateway: true,
      dnsNameservers: [],
      enableDhcp: true,
      tags: ["course:dev"],
    });
  });

  it("is shared between projects under another name, with a pool and without DHCP", async () => {
    // From the first address on: no gateway takes it.
    const allocationPools = [{ start: "192.168.233.1", end: "192.168.233.20" }];
    new ClosedNetwork("closed", { ...args, shared: true, networkName: "shared", enableDhcp: false, allocationPools });
    await cloud.drain();
    expect(cloud.only(TYPES.network)).toMatchObject({ name: "shared", shared: true });
    expect(cloud.only(TYPES.subnet)).toMatchObject({ name: "shared-subnet", enableDhcp: false, allocationPools });
  });

  it("is carried, named and owned as an administrator says, and DHCP gives its routes", async () => {
    new ClosedNetwork("closed", {
      ...args,
      ...{ subnetName: "sub", networkType: "vlan", physicalNetwork: "physnet1", segmentationId: 42, projectId: "kims" },
      hostRoutes: [{ destination: "10.9.0.0/16", nextHop: "192.168.233.9" }],
    });
    await cloud.drain();
    expect(cloud.only(TYPES.network)).toMatchObject({
      segments: [{ networkType: "vlan", physicalNetwork: "physnet1", segmentationId: 42 }],
      tenantId: "kims",
    });
    expect(cloud.only(TYPES.subnet)).toMatchObject({ name: "sub", noGateway: true, tenantId: "kims" });
    expect(cloud.named(TYPES.subnetRoute, "closed-10.9.0.0-16-route")).toEqual({
      subnetId: "closed-subnet-id",
      destinationCidr: "10.9.0.0/16",
      nextHop: "192.168.233.9",
    });
  });

  it("is not known to others before there are addresses", async () => {
    await valueOf(new ClosedNetwork("closed", args).networkId);
    expect(cloud.registrations.map(({ type }) => type)).toContain(TYPES.subnet);
  });

  it.each<[Partial<ClosedNetworkArgs>, string]>([
    [{ cidr: "192.168.233.1/24" }, "is an address, not a network"],
    [{ cidr: "192.168.233.0/30" }, "use /28 or larger"],
    [{ networkName: "" }, "networkName: is empty"],
    [{ networkType: "vxlan", physicalNetwork: "p" }, "a vxlan network is carried by IP"],
    [{ hostRoutes: [{ destination: "10.9.0.0/16", nextHop: "10.9.0.1" }] }, "hostRoutes[0].nextHop: 10.9.0.1 is not"],
    [{ dnsNameservers: ["dns"] }, 'dnsNameservers[0]: "dns" is not an IPv4 address'],
    [{ allocationPools: [{ start: "10.0.0.1", end: "10.0.0.9" }] }, "allocationPools[0]: 10.0.0.1 is not a usable"],
  ])("refuses %o and registers nothing", async (wrong, reason) => {
    expect(() => new ClosedNetwork("closed", { ...args, ...wrong })).toThrow(reason);
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });
});
