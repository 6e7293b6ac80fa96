import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { certificate } from "../../course/capacity.ts";
import type { CapacityNeeds } from "../../course/capacityNeeds.ts";
import { anInstance, someHosts } from "./capacityArbitraries.ts";
import { ask, needsOf, plenty, roomy } from "./capacityFixture.ts";

const count = fc.integer({ min: 0, max: 40 });
const quota = fc.record({ limit: fc.integer({ min: -1, max: 400 }), used: count });
const quotas = fc.dictionary(fc.constantFrom(...Object.keys(plenty(0))), quota);
const needs: fc.Arbitrary<CapacityNeeds> = fc
  .record({
    each: fc.array(count, { minLength: 17, maxLength: 17 }),
    networks: fc.integer({ min: 0, max: 3 }),
    instances: fc.array(anInstance, { maxLength: 4 }),
    floatingIps: fc.integer({ min: 0, max: 3 }),
    parts: count,
    largestVolumeGiB: count,
  })
  .map(({ each, networks, instances, floatingIps, parts, largestVolumeGiB }) => ({
    ...needsOf("shared"),
    each: {
      ...needsOf("shared").each,
      ...Object.fromEntries(Object.keys(needsOf("shared").each).map((key, index) => [key, each[index] ?? 0])),
    },
    ...{ once: { networks }, instances, largestVolumeGiB },
    addresses: { public: { floatingIps, routerGateways: 1, fixedIps: 0 } },
    seats: [{ network: "private", of: "10.0.0.0/16", each: 24, parts }],
  }));
const inputs = fc
  .record({
    students: fc.integer({ min: 0, max: 60 }),
    alreadyThere: fc.integer({ min: 0, max: 20 }),
    tenancy: fc.constantFrom("project" as const, "shared" as const),
    needs,
    limits: fc.record({
      ...{ project: quotas, newProject: quotas },
      addresses: fc.record({
        public: fc.option(fc.record({ total: fc.nat(200), used: fc.nat(50), exact: fc.boolean() }), { nil: undefined }),
      }),
      hosts: fc.option(fc.record({ hosts: someHosts, source: fc.constant("placement" as const) }), { nil: undefined }),
      volumeGiB: fc.option(fc.oneof(fc.nat(2000), fc.constant(Infinity)), { nil: undefined }),
    }),
  })
  .filter(({ alreadyThere, needs: { seats } }) => seats.every(({ parts }) => alreadyThere <= parts));

describe("any certificate", () => {
  it("fits for exactly the classes up to the largest one", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { fits, largestClass } = certificate(input);
        expect(fits).toBe(largestClass === null || input.students <= largestClass);
        if (largestClass === null) return;
        expect(certificate({ ...input, students: largestClass }).fits).toBe(true);
        expect(certificate({ ...input, students: largestClass + 1 }).fits).toBe(false);
      }),
    );
  });

  it("misses what is needed beyond what is there, and nothing else", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const answer = certificate(input);
        for (const { need, have, missing } of answer.rows)
          expect(missing).toBe(have === null || need === 0 ? 0 : Math.max(0, need - have));
        expect(answer.fits).toBe(answer.rows.every(({ missing }) => missing === 0));
      }),
    );
  });

  it("never needs less, and never has more, for a larger class", () => {
    fc.assert(
      fc.property(inputs, fc.nat(20), (input, more) => {
        const [small, large] = [certificate(input), certificate({ ...input, students: input.students + more })];
        expect(large.largestClass).toBe(small.largestClass);
        expect(large.rows.map(({ resource, where }) => resource + where)).toEqual(
          small.rows.map(({ resource, where }) => resource + where),
        );
        for (const [index, row] of large.rows.entries()) {
          expect(row.need).toBeGreaterThanOrEqual(small.rows[index]?.need ?? Infinity);
          expect(row.missing).toBeGreaterThanOrEqual(small.rows[index]?.missing ?? Infinity);
          expect(row.have).toBe(small.rows[index]?.have);
        }
      }),
    );
  });

  it("does not change when students are built: what they took is in use then", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 60, max: 200 }), (built, total) => {
        const before = ask({ limits: { ...roomy, addresses: { public: { total, used: 0, exact: true } } } });
        const after = ask({
          alreadyThere: built,
          limits: { ...roomy, addresses: { public: { total, used: 3 * built, exact: true } } },
        });
        expect(certificate(after).largestClass).toBe(certificate(before).largestClass);
      }),
    );
  });
});
