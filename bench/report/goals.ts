import type { Phase } from "../variant.ts";
import type { Cell, Results } from "./cells.ts";
import type { Spread } from "./statistics.ts";

/** What was aimed at, and what came of it. */
export interface Goal {
  goal: string;
  /** At most so much. */
  most: number;
  /** Undefined where it was not measured. */
  value: number | undefined;
  unit: string;
}

const OURS = "classroom";
const LIMIT = "limit";
/** Adding one may cost so much more in the largest class than in the smallest: times are not the same twice. */
const SAME = 1.25;

export function goalsOf(results: Results): Goal[] {
  const wall = ({ wall: spread }: Cell) => spread;
  const median = (variant: string, size: number, phase: Phase, of: (cell: Cell) => Spread | undefined = wall) => {
    const cell = results.cell(variant, size, phase);
    return cell === undefined || cell.different ? undefined : of(cell)?.median;
  };
  const toLimit = (size: number, phase: Phase) => ratio(median(OURS, size, phase), median(LIMIT, size, phase));
  const best = (size: number, kind: string) =>
    least(results.variants.filter((name) => name.startsWith(kind)).map((name) => median(name, size, "create")));
  const peaks = results.sizes.flatMap((size) => phasesOf(results, size).map(({ peakMiB }) => peakMiB?.most));
  const goal = (text: string, most: number, value: number | undefined, unit = "×"): Goal => ({
    ...{ goal: text, most, value, unit },
  });
  const [smallest = 0, largest = 0] = [results.sizes[0], results.sizes.at(-1)];
  return [
    goal("create, N = 1, against the limit", 1.5, toLimit(1, "create")),
    ...[10, 30].map((size) => goal(`create, N = ${size}, against the limit`, 1.25, toLimit(size, "create"))),
    ...results.sizes.map((size) =>
      goal(
        `create, N = ${size}, against OpenTofu at its best`,
        1,
        ratio(median(OURS, size, "create"), best(size, "tofu-fast")),
      ),
    ),
    ...results.sizes.map((size) =>
      goal(
        `create, N = ${size}, against OpenTofu with the stock provider`,
        0.5,
        ratio(median(OURS, size, "create"), best(size, "tofu-stock")),
      ),
    ),
    ...results.sizes.map((size) =>
      goal(
        `create, N = ${size}: CPU of the client for each student`,
        1,
        ratio(
          median(OURS, size, "create", ({ cpu }) => cpu),
          size,
        ),
        "s",
      ),
    ),
    ...results.sizes.map((size) =>
      goal(
        `create, N = ${size}: requests against the limit's`,
        1.3,
        ratio(requests(results, OURS, size), requests(results, LIMIT, size)),
      ),
    ),
    goal("no-op, N = 30", 3, median(OURS, 30, "no-op"), "s"),
    goal(
      `add-one, N = ${largest} against N = ${smallest}`,
      SAME,
      largest === smallest ? undefined : ratio(median(OURS, largest, "add-one"), median(OURS, smallest, "add-one")),
    ),
    goal("peak memory, any phase and N", 1536, most(peaks), "MiB"),
    goal(
      "peak memory of create, N = 30 against N = 10",
      1.1,
      ratio(
        median(OURS, 30, "create", ({ peakMiB }) => peakMiB),
        median(OURS, 10, "create", ({ peakMiB }) => peakMiB),
      ),
    ),
    ...results.sizes.map((size) => goal(`destroy, N = ${size}, against the limit`, 1.25, toLimit(size, "destroy"))),
  ];
}

/** `met`, or by how much it is missed. */
export function verdict({ value, most: bound, unit }: Goal): string {
  if (value === undefined) return "not measured";
  if (value <= bound) return "met";
  const over = unit === "×" ? `${(value - bound).toFixed(2)} ×` : `${(value - bound).toFixed(1)} ${unit}`;
  return `missed by ${over} (${((value / bound - 1) * 100).toFixed(0)} %)`;
}

function phasesOf(results: Results, size: number): Cell[] {
  const phases: Phase[] = ["create", "no-op", "preview", "add-one", "destroy"];
  return phases.flatMap((phase) => results.cell(OURS, size, phase) ?? []);
}

function requests(results: Results, variant: string, size: number): number | undefined {
  return results.cell(variant, size, "create")?.calls?.total;
}

function ratio(value: number | undefined, to: number | undefined): number | undefined {
  return value === undefined || to === undefined || to === 0 ? undefined : value / to;
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function most(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
