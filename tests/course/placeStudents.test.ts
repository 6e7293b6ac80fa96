import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Host, type InstanceNeed, placeStudents } from "../../course/placeStudents.ts";
import { anInstance, someHosts } from "./capacityArbitraries.ts";
import { host } from "./capacityFixture.ts";

describe("placing students on hosts", () => {
  const anywhere = () => true;
  const one = (ramMiB: number, more: Partial<InstanceNeed> = {}): InstanceNeed => ({
    ...{ name: "vm", vcpus: 1, ramMiB, diskGiB: 1 },
    ...more,
  });

  it("fills every host with instances of one size", () => {
    const placed = placeStudents([one(512)], [host("a", 1100), host("b", 1600)], anywhere, 100);
    expect(placed).toEqual({ students: 5, blocked: { instance: "vm", lacks: ["ramMiB"] } });
  });

  it("keeps to the hosts of a zone", () => {
    const inLab = (instance: InstanceNeed, { availabilityZone }: Host) =>
      instance.availabilityZone === availabilityZone;
    const all = [host("a", 5000), host("b", 1024, { availabilityZone: "lab" })];
    expect(placeStudents([one(512, { availabilityZone: "lab" })], all, inLab, 100).students).toBe(2);
    expect(placeStudents([one(512, { availabilityZone: "moon" })], all, inLab, 100)).toEqual({
      ...{ students: 0, blocked: { instance: "vm", lacks: [] } },
    });
  });

  it("never takes more of a host than it has", () => {
    fc.assert(
      fc.property(fc.array(anInstance, { minLength: 1, maxLength: 3 }), someHosts, (instances, all) => {
        const { students } = placeStudents(instances, all, anywhere, 300);
        const [needed, there] = [
          students * instances.reduce((sum, { ramMiB }) => sum + ramMiB, 0),
          all.reduce((sum, { free }) => sum + Math.max(0, free.ramMiB), 0),
        ];
        expect(needed).toBeLessThanOrEqual(there);
      }),
    );
  });
});
