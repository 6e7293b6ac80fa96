import fc from "fast-check";
import { expect, it } from "vitest";
import { labProblems } from "../../lab/labRules.ts";
import { labSchema } from "../../lab/labSchema.ts";
import { planStudent } from "../../lab/studentPlan.ts";
import type { ClassResources } from "../../stacks/classPart.ts";
import type { LabChoices } from "../../stacks/labChoices.ts";
import { mapValues } from "../../stacks/mapValues.ts";
import { once } from "../../stacks/once.ts";
import { studentPart } from "../../stacks/studentPart.ts";
import { mockCloud } from "../support/mockCloud.ts";
import { PUBLIC_KEY } from "../support/publicKey.ts";
import { labDocument } from "./labFixture.ts";

it("builds each thing once, after what it needs", () => {
  const order: string[] = [];
  const build: (name: string) => number = once((name) => {
    if (name !== "c") build("c");
    return order.push(name);
  });
  expect(["a", "b", "c"].map(build)).toEqual([2, 3, 1]);
  expect(order).toEqual(["c", "a", "b"]);
});

it("names what needs itself, instead of going round for ever", () => {
  const build: (name: string) => string = once((name) => build(name === "a" ? "b" : "a"));
  expect(() => build("a")).toThrow(new Error("a needs itself"));
});

const name = fc.constantFrom("a", "b", "c");
const three = <T>(entry: fc.Arbitrary<T>) => fc.record({ a: entry, b: entry, c: entry });
const nothing = fc.constant(undefined);
const pointer = fc.oneof(nothing, nothing, name);
const pointers = fc.record({
  instances: three(fc.record({ boots: pointer, lends: pointer })),
  volumes: three(fc.record({ restored: pointer, attached: pointer })),
  snapshots: three(fc.record({ of: name })),
});

const students = pointers.map(({ instances, volumes, snapshots }) => ({
  snapshots,
  instances: mapValues(instances, (_name, { boots, lends }) => ({
    ...{ flavor: "tiny", network: "private" },
    ...(boots === undefined ? { image: "cirros" } : { bootFromVolume: boots }),
    ...(lends === undefined ? {} : { floatingIp: "public", floatingIpTo: lends }),
  })),
  volumes: mapValues(volumes, (_name, { restored, attached }) => ({
    sizeGiB: 1,
    ...(restored === undefined ? { image: "cirros" } : { fromSnapshot: restored }),
    ...(attached === undefined ? {} : { attachedTo: attached }),
  })),
}));

const choices: LabChoices = {
  ...{ networkIds: {}, roleIds: {}, computeHosts: [] },
  images: { cirros: { id: "i", name: "cirros", loginUser: undefined, minDiskGiB: 0, minRamMiB: 0 } },
  flavors: { tiny: { id: "f", name: "tiny", vcpus: 1, ramMiB: 128, diskGiB: 1 } },
};
const around = {
  ...{ course: "net101", choices, publicKey: PUBLIC_KEY, passwordSeed: "", storageUrl: undefined, objectFiles: {} },
  cloud: {
    ...{ authUrl: "http://127.0.0.1:5000/v3", region: undefined, cacert: undefined, domainId: "default" },
    ...{ userId: "teacher", projectId: "project", cloudName: undefined },
  },
  reach: { sshKeyFile: "", reachCommand: "", waitUntilReady: false, readinessTimeoutSeconds: 600 },
};
const shared: ClassResources = {
  providerNetworks: { public: { networkId: "n", networkName: "public", subnetId: undefined } },
  ...{ sharedNetworks: {}, imageIds: {}, flavorIds: {}, availabilityZones: {} },
};

it("builds every lab that the rules accept", async () => {
  const cloud = await mockCloud();
  let built = 0;
  fc.assert(
    fc.property(students, (student) => {
      const lab = labSchema.parse(labDocument({ student }));
      if (labProblems(lab).length > 0) return;
      const plan = planStudent(lab, "net101", { id: `student${built++}`, name: "Kim", seat: 0 }, "solo");
      studentPart({ ...around, lab, plan }, shared);
    }),
    { numRuns: 40 },
  );
  await cloud.drain();
  expect(built).toBeGreaterThan(0);
});
