import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Drift, driftOf } from "../../course/drift.ts";
import { describeObject } from "../../openstack/cloudObject.ts";
import { cloudOf, cloudWith, cloudWithout, kimsStack, kimsThings, type Kind, known, TYPES } from "./kimsThings.ts";

const drift = (cloud: ReturnType<typeof cloudOf>, stack = kimsStack()) =>
  driftOf(stack, "kim", cloud, describeObject).map(({ object, how }) => `${object} ${how}`);

describe("what is not in the cloud as the state has it", () => {
  it("is nothing when all is there", () => {
    expect(drift(cloudOf(kimsThings()))).toEqual([]);
  });

  it.each<[string, Kind[], string[]]>([
    ["an instance", ["instance"], ["instance web1 (kim-vm) was deleted by hand"]],
    ["a key pair, though the instance names it", ["keypair"], ["key pair kim-key was deleted by hand"]],
    ["a group, and with it its rules", ["group", "rule"], ["security group web (kim-group) was deleted by hand"]],
    [
      "a rule alone, by its name in the lab",
      ["rule"],
      ["security group rule web-http-rule (kim-rule) was deleted by hand"],
    ],
    [
      "a network with all that was on it; the instance stands for itself",
      ["network", "subnet", "port", "interface", "instance"],
      ["network lan (kim-net) was deleted by hand", "instance web1 (kim-vm) was deleted by hand"],
    ],
    [
      "a floating IP, which then leads nowhere",
      ["floatingIp"],
      ["floating IP 203.0.113.7 (kim-fip) was deleted by hand"],
    ],
    [
      "the project, and nothing of what was in it",
      [
        "project",
        "keypair",
        "network",
        "subnet",
        "router",
        "interface",
        "group",
        "rule",
        "port",
        "floatingIp",
        "instance",
      ],
      ["project net101-kim (kim-project) was deleted by hand, with what was in it"],
    ],
  ])("tells of %s that was deleted", (_what, kinds, told) => {
    expect(drift(cloudWithout(...kinds))).toEqual(told);
  });

  const port = (change: object) => {
    const fixedIps = [{ subnetId: "kim-subnet", address: "192.168.10.5" }];
    return {
      port: {
        deviceOwner: "",
        deviceId: "",
        networkId: "kim-net",
        securityGroupIds: ["kim-group"],
        fixedIps,
        ...change,
      },
    };
  };
  const instance = (change: object) => ({
    instance: { addresses: [], volumeIds: [], imageId: "debian", flavorId: "small", keyPairName: "kim-key", ...change },
  });
  it.each<[string, ReturnType<typeof cloudWith>, string]>([
    ["no group", cloudWith("port", port({ securityGroupIds: [] })), "has the security groups none instead of web"],
    [
      "another group",
      cloudWith("port", port({ securityGroupIds: ["other"] })),
      "has the security groups other instead of web",
    ],
    [
      "one group more",
      cloudWith("port", port({ securityGroupIds: ["other", "kim-group"] })),
      "has the security groups other, web instead of web",
    ],
    [
      "another fixed IP",
      cloudWith("port", port({ fixedIps: [{ subnetId: "s", address: "192.168.10.9" }] })),
      "has the fixed IP 192.168.10.9 instead of 192.168.10.5",
    ],
    ["no fixed IP", cloudWith("port", port({ fixedIps: [] })), "has lost its fixed IP 192.168.10.5"],
    [
      "an address that leads nowhere",
      cloudWith("floatingIp", { floatingIp: { address: "203.0.113.7" } }),
      "floating IP 203.0.113.7 (kim-fip) leads nowhere",
    ],
    [
      "an address that leads elsewhere",
      cloudWith("floatingIp", { floatingIp: { address: "203.0.113.7", portId: "p2" } }),
      "leads to another port (p2)",
    ],
    ["another flavor", cloudWith("instance", instance({ flavorId: "big" })), "has the flavor big instead of small"],
    ["another image", cloudWith("instance", instance({ imageId: "cirros" })), "has the image cirros instead of debian"],
    [
      "another key pair",
      cloudWith("instance", instance({ keyPairName: "x" })),
      "has the key pair x instead of kim-key",
    ],
  ])("tells of %s", (_what, cloud, told) => {
    const all = drift(cloud);
    expect(all).toHaveLength(1);
    expect(all[0]).toContain(told);
  });

  it("is content with what the cloud does not say", () => {
    expect(drift(cloudWith("port", port({ securityGroupIds: undefined })))).toEqual([]);
    expect(drift(cloudWith("instance", instance({ imageId: undefined, keyPairName: undefined })))).toEqual([]);
  });

  it("says nothing of a service that could not be looked at, nor of what waits for its deletion", () => {
    const onlyNetwork = kimsThings().filter(({ service }) => service !== "compute");
    expect(drift(cloudOf(onlyNetwork, [{ service: "compute", what: "503" }]))).toEqual([]);
    const old = { ...known("instance", "web1-instance", "old", { inputs: { name: "web1" } }), delete: true };
    const stack = kimsStack({ resources: [...kimsStack().resources, old] });
    expect(drift(cloudOf(kimsThings()), stack)).toEqual([]);
  });

  it("tells of a volume that is attached no more, and not of the attachment of an instance that is gone", () => {
    const attachment = {
      ...known("instance", "data-attachment", "kim-vm/vol", { inputs: { instanceId: "kim-vm", volumeId: "vol" } }),
      type: "openstack:compute/volumeAttach:VolumeAttach",
    };
    const stack = kimsStack({ resources: [...kimsStack().resources, attachment] });
    expect(drift(cloudOf(kimsThings()), stack)).toEqual(["volume data (vol) is no longer attached"]);
    expect(drift(cloudWithout("instance"), stack)).toEqual(["instance web1 (kim-vm) was deleted by hand"]);
  });

  it("tells of every deletion itself or of what it went with, and of nothing that is there", () => {
    const all = kimsThings();
    fc.assert(
      fc.property(fc.subarray(all), (left) => {
        const gone = all.filter((thing) => !left.includes(thing));
        const told = driftOf(kimsStack(), "kim", cloudOf(left), describeObject);
        const deleted = told.filter(({ kind }) => kind === "deleted");
        expect(deleted.every(({ id, type }) => gone.some((thing) => thing.id === id && thing.type === type))).toBe(
          true,
        );
        expect(gone.length > 0).toBe(deleted.length > 0);
        const untold = gone.filter(({ id }) => !deleted.some((each) => each.id === id));
        const isGone = (kind: Kind) => gone.some(({ type }) => type === TYPES[kind]);
        for (const { type } of untold) expect(causes(type, deleted).some(isGone)).toBe(true);
      }),
    );
  });
});

/** With what a thing of this type may have gone. */
function causes(type: string, deleted: readonly Drift[]): Kind[] {
  if (deleted.some((each) => each.type === TYPES.project)) return ["project"];
  const parents: Record<string, Kind[]> = {
    [TYPES.subnet]: ["network"],
    [TYPES.port]: ["network"],
    [TYPES.interface]: ["router", "subnet"],
    [TYPES.rule]: ["group"],
  };
  return parents[type] ?? [];
}
