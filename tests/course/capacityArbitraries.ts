import fc from "fast-check";
import type { InstanceNeed } from "../../course/placeStudents.ts";

export const anInstance: fc.Arbitrary<InstanceNeed> = fc.record({
  name: fc.constantFrom("a", "b"),
  vcpus: fc.integer({ min: 1, max: 4 }),
  ramMiB: fc.integer({ min: 64, max: 4096 }),
  diskGiB: fc.integer({ min: 0, max: 20 }),
});
const size = (most: number) =>
  fc.record(
    {
      vcpus: fc.integer({ min: -2, max: most }),
      ramMiB: fc.integer({ min: -9, max: most * 512 }),
      diskGiB: fc.integer({ min: 0, max: most }),
    },
    { requiredKeys: ["vcpus", "ramMiB"] },
  );
export const someHosts = fc.array(
  fc.record({ name: fc.string(), availabilityZone: fc.constant("nova"), free: size(64), largest: size(16) }),
  { maxLength: 4 },
);
