import * as openstack from "@pulumi/openstack";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  SelfServiceNetwork,
  selfServiceNetworkProblems,
  type SelfServiceNetworkArgs,
} from "../../components/selfServiceNetwork.ts";
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

  it("does not tell who knows the network alone of another subnet, which would make them anew", async () => {
    new openstack.networking.Port("port", { networkId: new SelfServiceNetwork("kim", args).networkId });
    await cloud.drain();
    const port = cloud.registrations.find(({ name }) => name === "port");
    expect(port?.options.dependsOn).toEqual(["kim-network"]);
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

  it("has other names in OpenStack, a project and a segment where an administrator says so", async () => {
    const network = new SelfServiceNetwork("kim", {
      ...args,
      networkName: "int1",
      subnetName: "subint1",
      projectId: "project-id",
      networkType: "vlan",
      segmentationId: 42,
      physicalNetwork: "physnet1",
    });
    await valueOf(network.subnetId);
    expect(cloud.named(TYPES.network, "kim-network")).toEqual({
      name: "int1",
      segments: [{ networkType: "vlan", segmentationId: 42, physicalNetwork: "physnet1" }],
      tenantId: "project-id",
      tags: ["student:kim"],
    });
    expect(cloud.named(TYPES.subnet, "kim-subnet")).toMatchObject({ name: "subint1", tenantId: "project-id" });
  });

  it("leaves the segment and the project to Neutron unless told", async () => {
    await valueOf(new SelfServiceNetwork("kim", args).subnetId);
    expect(cloud.only(TYPES.network)).not.toHaveProperty("segments");
    expect(cloud.only(TYPES.network)).not.toHaveProperty("tenantId");
    expect(cloud.registrations.map(({ type }) => type)).not.toContain(TYPES.subnetRoute);
  });

  it("gives host routes as resources of their own, so that the subnet stays as it is", async () => {
    new SelfServiceNetwork("kim", { ...args, hostRoutes: [{ destination: "10.0.8.0/24", nextHop: "10.0.7.9" }] });
    await cloud.drain();
    expect(cloud.named(TYPES.subnetRoute, "kim-10.0.8.0-24-route")).toEqual({
      subnetId: "kim-subnet-id",
      destinationCidr: "10.0.8.0/24",
      nextHop: "10.0.7.9",
    });
    expect(cloud.only(TYPES.subnet)).not.toHaveProperty("hostRoutes");
  });

  it("differs only in the edited fields when DHCP, resolvers and routes are edited later", async () => {
    new SelfServiceNetwork("kim", args);
    await cloud.drain();
    const before = cloud.only(TYPES.subnet);
    cloud = await mockCloud();
    new SelfServiceNetwork("kim", {
      ...args,
      enableDhcp: false,
      dnsNameservers: ["8.8.8.8"],
      hostRoutes: [{ destination: "10.0.8.0/24", nextHop: "10.0.7.9" }],
    });
    await cloud.drain();
    expect(cloud.named(TYPES.subnet, "kim-subnet")).toEqual({
      ...before,
      enableDhcp: false,
      dnsNameservers: ["8.8.8.8"],
    });
  });

  it.each<[Partial<SelfServiceNetworkArgs>, string]>([
    [{ networkName: " " }, "networkName: is empty; write a name, or leave it out"],
    [{ subnetName: "a\nb" }, "subnetName: has a control character"],
    [{ networkName: "x".repeat(256) }, "networkName: has 256 characters; use at most 255"],
    [{ segmentationId: 5 }, "segmentationId: says nothing without the network's type"],
    [{ physicalNetwork: "physnet1" }, "physicalNetwork: says nothing without the network's type"],
    [{ networkType: "vxlan", physicalNetwork: "physnet1" }, "a vxlan network is carried by IP"],
    [{ networkType: "flat" }, "physicalNetwork: is missing; a flat network lies on one"],
    [{ networkType: "vlan" }, "physicalNetwork: is missing; a vlan network lies on one"],
    [
      { networkType: "flat", physicalNetwork: "p", segmentationId: 7 },
      "segmentationId: a flat network has none; leave it out",
    ],
    [
      { networkType: "vlan", physicalNetwork: "p", segmentationId: 4095 },
      "4095 is not an id of a vlan network; choose one from 1 to 4094",
    ],
    [{ networkType: "vxlan", segmentationId: 16_777_216 }, "choose one from 1 to 16777215"],
    [{ networkType: "gre", segmentationId: 1.5 }, "1.5 is not an id of a gre network; choose one from 1 to 4294967295"],
    [
      { hostRoutes: [{ destination: "10.0.8.1/24", nextHop: "10.0.7.9" }] },
      'hostRoutes[0].destination: "10.0.8.1/24" is an address, not a network',
    ],
    [
      { hostRoutes: [{ destination: "10.0.8.0/24", nextHop: "10.0.9.9" }] },
      "hostRoutes[0].nextHop: 10.0.9.9 is not a usable address of 10.0.7.0/24",
    ],
    [
      {
        hostRoutes: [
          { destination: "10.0.8.0/24", nextHop: "10.0.7.9" },
          { destination: "10.0.8.0/24", nextHop: "10.0.7.8" },
        ],
      },
      "hostRoutes[1].destination: 10.0.8.0/24 has a route already, by 10.0.7.9; keep one",
    ],
  ])("refuses %o", async (wrong, reason) => {
    expect(() => new SelfServiceNetwork("kim", { ...args, ...wrong })).toThrow(reason);
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });

  it.each<Partial<SelfServiceNetworkArgs>>([
    { networkType: "vxlan" },
    { networkType: "vxlan", segmentationId: 16_777_215 },
    { networkType: "vlan", physicalNetwork: "p" },
    { networkType: "vlan", physicalNetwork: "p", segmentationId: 4094 },
    { networkType: "flat", physicalNetwork: "p" },
  ])("takes %o", (right) => {
    expect(selfServiceNetworkProblems({ ...args, ...right })).toEqual([]);
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
    [
      { allocationPools: [{ start: "10.0.7.1", end: "10.0.7.9" }] },
      "allocationPools[0]: the gateway 10.0.7.1 (the first address, as no other is named) lies inside 10.0.7.1–10.0.7.9",
    ],
    [
      {
        allocationPools: [
          { start: "10.0.7.2", end: "10.0.7.9" },
          { start: "10.0.7.9", end: "10.0.7.20" },
        ],
      },
      "allocationPools[1]: 10.0.7.9–10.0.7.20 overlaps 10.0.7.2–10.0.7.9; change one of the two",
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
