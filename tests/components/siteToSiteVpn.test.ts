import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SiteToSiteVpn, type SiteToSiteVpnArgs, type VpnSide } from "../../components/siteToSiteVpn.ts";
import { mockCloud, TYPES, valueOf, type MockCloud } from "../support/mockCloud.ts";

const left: VpnSide = { routerId: "r1", subnetIds: ["s100"], cidrs: ["192.168.100.0/24"] };
const right: VpnSide = { routerId: "r2", subnetIds: ["s10"], cidrs: ["192.168.10.0/24"] };
const args: SiteToSiteVpnArgs = { sides: { left, right }, presharedKey: "c1assr00m" };
let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

describe("SiteToSiteVpn", () => {
  it("joins the subnets of each router with the blocks of the other, at the other's address", async () => {
    const vpn = new SiteToSiteVpn("vpn", args);
    expect(await valueOf(vpn.connectionIds.left)).toBe("vpn-left-connection-id");
    expect(await valueOf(vpn.connectionIds.right)).toBe("vpn-right-connection-id");
    const connection = cloud.named(TYPES.siteConnection, "vpn-left-connection");
    expect({ ...connection, psk: undefined }).toEqual({
      name: "vpn-left-connection",
      vpnserviceId: "vpn-left-service-id",
      ikepolicyId: "vpn-ike-policy-id",
      ipsecpolicyId: "vpn-ipsec-policy-id",
      localEpGroupId: "vpn-left-subnets-id",
      peerEpGroupId: "vpn-right-cidrs-id",
      peerAddress: "external IP of vpn-right-service",
      peerId: "external IP of vpn-right-service",
    });
    expect(cloud.named(TYPES.siteConnection, "vpn-right-connection")).toMatchObject({
      vpnserviceId: "vpn-right-service-id",
      localEpGroupId: "vpn-right-subnets-id",
      peerEpGroupId: "vpn-left-cidrs-id",
      peerAddress: "external IP of vpn-left-service",
    });
    expect(cloud.named(TYPES.vpnService, "vpn-left-service")).toEqual({ name: "vpn-left-service", routerId: "r1" });
    expect(cloud.named(TYPES.endpointGroup, "vpn-left-subnets")).toEqual({
      name: "vpn-left-subnets",
      type: "subnet",
      endpoints: ["s100"],
    });
    expect(cloud.named(TYPES.endpointGroup, "vpn-right-cidrs")).toEqual({
      name: "vpn-right-cidrs",
      type: "cidr",
      endpoints: ["192.168.10.0/24"],
    });
    expect(cloud.registrations.filter(({ type }) => type === TYPES.endpointGroup)).toHaveLength(4);
  });

  it("encrypts with AES-256, SHA-256 and group 14 over IKEv2, in ESP tunnel mode", async () => {
    new SiteToSiteVpn("vpn", args);
    await cloud.drain();
    const encryption = { encryptionAlgorithm: "aes-256", authAlgorithm: "sha256", pfs: "group14" };
    expect(cloud.only(TYPES.ikePolicy)).toEqual({ name: "vpn-ike-policy", ikeVersion: "v2", ...encryption });
    expect(cloud.only(TYPES.ipSecPolicy)).toEqual({
      name: "vpn-ipsec-policy",
      transformProtocol: "esp",
      encapsulationMode: "tunnel",
      ...encryption,
    });
  });

  it("encrypts otherwise on both levels, and finds a side at another address", async () => {
    new SiteToSiteVpn("vpn", {
      ...args,
      sides: { left: { ...left, externalAddress: "203.0.113.5" }, right },
      encryption: { encryptionAlgorithm: "aes-128", authAlgorithm: "sha512", ikeVersion: "v1" },
    });
    await cloud.drain();
    const other = { encryptionAlgorithm: "aes-128", authAlgorithm: "sha512" };
    expect(cloud.only(TYPES.ikePolicy)).toMatchObject({ ...other, ikeVersion: "v1" });
    expect(cloud.only(TYPES.ipSecPolicy)).toMatchObject(other);
    expect(cloud.named(TYPES.siteConnection, "vpn-right-connection")).toMatchObject({
      peerAddress: "203.0.113.5",
      peerId: "203.0.113.5",
    });
  });

  it("keeps the key a secret", async () => {
    const secretKey = pulumi.secret("c1assr00m");
    new SiteToSiteVpn("plain", args);
    new SiteToSiteVpn("secret", { ...args, presharedKey: secretKey });
    await cloud.drain();
    // The engine's mark of a secret: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts
    for (const { inputs } of cloud.registrations.filter(({ type }) => type === TYPES.siteConnection))
      expect(inputs["psk"]).toEqual({
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        value: "c1assr00m",
      });
  });

  it("waits for the router interfaces", async () => {
    let announce: (id: string) => void = () => undefined;
    const routerInterfaceId = new Promise<string>((resolve) => (announce = resolve));
    const vpn = new SiteToSiteVpn("vpn", {
      ...args,
      sides: { left: { ...left, routerInterfaceIds: [routerInterfaceId] }, right },
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(cloud.registrations.map(({ name }) => name)).not.toContain("vpn-left-service");
    announce("interface-id");
    await valueOf(vpn.connectionIds.left);
    expect(cloud.named(TYPES.vpnService, "vpn-left-service")["routerId"]).toBe("r1");
  });

  it.each<[string, Partial<SiteToSiteVpnArgs>, string]>([
    [
      "the same subnet on both sides",
      { sides: { left, right: { ...right, cidrs: left.cidrs } } },
      "sides.right.cidrs[0]: 192.168.100.0/24 overlaps 192.168.100.0/24 of the left side",
    ],
    [
      "overlapping subnets",
      { sides: { left, right: { ...right, cidrs: ["192.168.0.0/16"] } } },
      "sides.right.cidrs[0]: 192.168.0.0/16 overlaps 192.168.100.0/24 of the left side",
    ],
    [
      "an address for a network",
      { sides: { left: { ...left, cidrs: ["192.168.100.1/24"] }, right } },
      'sides.left.cidrs[0]: "192.168.100.1/24" is an address, not a network',
    ],
    [
      "no subnet",
      { sides: { left, right: { ...right, subnetIds: [], cidrs: [] } } },
      "sides.right.subnetIds: names no subnet",
    ],
    [
      "a subnet without its block",
      { sides: { left: { ...left, subnetIds: ["a", "b"] }, right } },
      "sides.left.cidrs: names 1 blocks for 2 subnets",
    ],
    ["an empty key", { presharedKey: "" }, "presharedKey: is empty"],
  ])("refuses %s and registers nothing", async (_case, wrong, reason) => {
    expect(() => new SiteToSiteVpn("vpn", { ...args, ...wrong })).toThrow(reason);
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });

  it("does not show a bad key", () => {
    expect(() => new SiteToSiteVpn("vpn", { ...args, presharedKey: "my key" })).not.toThrow("my key");
  });
});
