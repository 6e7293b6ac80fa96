import { type CapacityInput, type CapacityLimits, type Quotas } from "../../course/capacity.ts";
import { capacityNeeds } from "../../course/capacityNeeds.ts";
import type { Host } from "../../course/placeStudents.ts";
import { LAB, labOf } from "../lab/aLab.ts";

const SIZES: Record<string, { vcpus: number; ramMiB: number; diskGiB: number }> = {
  small: { vcpus: 1, ramMiB: 512, diskGiB: 4 },
  tiny: { vcpus: 1, ramMiB: 128, diskGiB: 1 },
};
export const sizeOf = (name: string) => SIZES[name];
export const lab = labOf(LAB);
/** What students of the test lab take, or of a change of it. */
export const needsOf = (tenancy: "project" | "shared", text = LAB, networksToMake: string[] = []) =>
  capacityNeeds(labOf(text), { tenancy, sizeOf, networksToMake });

/** The same limit for everything. */
export const plenty = (limit: number): Quotas =>
  Object.fromEntries(
    [...Object.keys(needsOf("shared").each), "largestVolumeGiB"].map((name) => [name, { limit, used: 0 }]),
  );
export const host = (name: string, ramMiB: number, more: Partial<Host> = {}): Host => ({
  ...{ name, availabilityZone: "nova" },
  ...{ free: { vcpus: 1000, ramMiB, diskGiB: 1000 }, largest: { vcpus: 16, ramMiB: 100_000, diskGiB: 1000 } },
  ...more,
});
/** A cloud in which nothing runs out. */
export const roomy: CapacityLimits = {
  project: plenty(-1),
  newProject: plenty(-1),
  addresses: { public: { total: 1000, used: 0, exact: true } },
  hosts: { hosts: [host("c1", 1_000_000)], source: "placement" },
  volumeGiB: Infinity,
};
export const ask = (change: Partial<CapacityInput> = {}): CapacityInput => ({
  ...{ students: 30, alreadyThere: 0, tenancy: "shared", needs: needsOf("shared"), limits: roomy },
  ...change,
});
