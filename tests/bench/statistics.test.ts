import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extrapolate, growthBetween, spreadOf } from "../../bench/report/statistics.ts";

const finite = fc.double({ min: 0.001, max: 1e6, noNaN: true });

describe("spreadOf", () => {
  it("takes the middle one, or the mean of the two in the middle", () => {
    expect(spreadOf([5, 1, 100])).toEqual({ median: 5, least: 1, most: 100, count: 3 });
    expect(spreadOf([4, 1, 2, 100])).toEqual({ median: 3, least: 1, most: 100, count: 4 });
    expect(spreadOf([7])).toEqual({ median: 7, least: 7, most: 7, count: 1 });
    expect(spreadOf([])).toBeUndefined();
  });

  it("leaves as many values below the median as above, in whatever order they come", () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), (values) => {
        const { median = Number.NaN, least, most } = spreadOf(values) ?? {};
        expect(values.filter((value) => value < median).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((value) => value > median).length).toBeLessThanOrEqual(values.length / 2);
        expect([least, most]).toEqual([Math.min(...values), Math.max(...values)]);
        expect(spreadOf(values.toReversed())?.median).toBe(median);
      }),
    );
  });
});

describe("growthBetween", () => {
  it("finds the exponent of any power of the size", () => {
    fc.assert(
      fc.property(finite, fc.double({ min: -2, max: 3, noNaN: true }), (factor, exponent) => {
        const at = (size: number) => ({ size, value: factor * size ** exponent });
        expect(growthBetween(at(10), at(30))).toBeCloseTo(exponent, 6);
      }),
    );
  });

  it("says nothing where it cannot", () => {
    expect(growthBetween(undefined, { size: 1, value: 1 })).toBeUndefined();
    expect(growthBetween({ size: 1, value: 2 }, { size: 1, value: 3 })).toBeUndefined();
    expect(growthBetween({ size: 1, value: 0 }, { size: 3, value: 3 })).toBeUndefined();
  });
});

describe("extrapolate", () => {
  it("goes on as a straight line", () => {
    fc.assert(
      fc.property(finite, finite, (base, slope) => {
        const points = [10, 1, 30, 3].map((size) => ({ size, value: base + slope * size }));
        const expected = base + slope * 300;
        expect(Math.abs((extrapolate(points, 300) ?? 0) / expected - 1)).toBeLessThan(1e-6);
      }),
    );
  });

  it("looks at the two largest sizes alone, and never goes down", () => {
    const points = [
      { size: 1, value: 1000 },
      { size: 10, value: 20 },
      { size: 30, value: 40 },
    ];
    expect(extrapolate(points, 100)).toBe(110);
    expect(
      extrapolate(
        [
          { size: 10, value: 5 },
          { size: 30, value: 4 },
        ],
        100,
      ),
    ).toBe(4);
    expect(extrapolate([{ size: 10, value: 5 }], 100)).toBeUndefined();
  });
});
