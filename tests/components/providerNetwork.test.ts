import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProviderNetwork } from "../../components/providerNetwork.ts";
import { mockCloud, TYPES, valueOf, type MockCloud } from "../support/mockCloud.ts";

const args = { physicalNetwork: "public", cidr: "172.24.4.0/24" };
let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud({
    calls: { "openstack:networking/getNetwork:getNetwork": { id: "adopted-id", name: "campus" } },
  });
});
afterEach(() => cloud.drain());

describe("ProviderNetwork", () => {
  it("makes an external flat network with one subnet without DHCP", async () => {
    const network = new ProviderNetwork("public", {
      ...args,
      gatewayIp: "172.24.4.1",
      allocationPools: [{ start: "172.24.4.10", end: "172.24.4.250" }],
      tags: ["course:dev"],
    });
    expect(await valueOf(network.networkId)).toBe("public-network-id");
    expect(await valueOf(network.networkName)).toBe("public");
    expect(cloud.only(TYPES.network)).toEqual({
      name: "public",
      external: true,
      shared: false,
      segments: [{ networkType: "flat", physicalNetwork: "public" }],
      tags: ["course:dev"],
    });
    expect(cloud.only(TYPES.subnet)).toEqual({
      name: "public-subnet",
      networkId: "public-network-id",
      ipVersion: 4,
      cidr: "172.24.4.0/24",
      gatewayIp: "172.24.4.1",
      allocationPools: [{ start: "172.24.4.10", end: "172.24.4.250" }],
      dnsNameservers: [],
      enableDhcp: false,
      tags: ["course:dev"],
    });
  });

  it("is not known to others before there are addresses", async () => {
    const network = new ProviderNetwork("public", args);
    await valueOf(network.networkId);
    expect(cloud.registrations.map(({ type }) => type)).toContain(TYPES.subnet);
  });

  it("has other names in OpenStack, and its pool has the network's", async () => {
    const network = new ProviderNetwork("public", { ...args, networkName: "ext1", subnetName: "subext1" });
    expect(await valueOf(network.networkName)).toBe("ext1");
    expect(cloud.named(TYPES.network, "public-network")["name"]).toBe("ext1");
    expect(cloud.named(TYPES.subnet, "public-subnet")["name"]).toBe("subext1");
  });

  it("carries the VLAN id", async () => {
    const network = new ProviderNetwork("vlan", { ...args, networkType: "vlan", segmentationId: 42 });
    await valueOf(network.networkName);
    expect(cloud.only(TYPES.network)["segments"]).toEqual([
      { networkType: "vlan", physicalNetwork: "public", segmentationId: 42 },
    ]);
  });

  it("leaves the VLAN id to Neutron unless told", async () => {
    await valueOf(new ProviderNetwork("vlan", { ...args, networkType: "vlan" }).networkName);
    expect(cloud.only(TYPES.network)["segments"]).toEqual([{ networkType: "vlan", physicalNetwork: "public" }]);
  });

  it("adopts an existing network and makes none", async () => {
    const network = new ProviderNetwork("public", { existingNetworkId: "adopted-id", cidr: undefined });
    expect(await valueOf(network.networkId)).toBe("adopted-id");
    expect(await valueOf(network.networkName)).toBe("campus");
    expect(network.subnetId).toBeUndefined();
    expect(cloud.registrations.map(({ type }) => type)).toEqual(["classroom:index:ProviderNetwork"]);
  });

  it.each([
    [{ existingNetworkId: "" }, "existingNetworkId: is empty; write a network's id, or leave it out to make one"],
    [{ existingNetworkId: "x", cidr: "10.0.0.0/24" }, "cidr: an existing network is adopted as it is"],
    [{ ...args, networkName: "" }, "networkName: is empty"],
    [{ ...args, subnetName: "" }, "subnetName: is empty"],
    [{ existingNetworkId: "x", networkName: "ext1" }, "networkName: an existing network is adopted as it is"],
    [{ cidr: "10.0.0.0/24" }, "physicalNetwork: is missing; a flat network lies on one"],
    [{ physicalNetwork: "public" }, "cidr: is required to make a provider network"],
    [{ ...args, cidr: "172.24.4.0/30" }, "use /29 or larger"],
    [{ cidr: "10.0.0.0/24", physicalNetwork: "" }, "physicalNetwork: is missing; a flat network lies on one"],
    [{ ...args, segmentationId: 5 }, "segmentationId: a flat network has none; leave it out, or choose the type vlan"],
    [
      { ...args, networkType: "vlan" as const, segmentationId: 4095 },
      "4095 is not an id of a vlan network; choose one from 1 to 4094",
    ],
    [
      { ...args, allocationPools: [{ start: "172.24.5.1", end: "172.24.5.9" }] },
      "allocationPools[0]: 172.24.5.1 is not a usable address",
    ],
  ])("refuses %o and registers nothing", async (wrong, reason) => {
    expect(() => new ProviderNetwork("public", wrong)).toThrow(reason);
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });
});
