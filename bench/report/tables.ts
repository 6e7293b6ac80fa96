import type { Phase } from "../variant.ts";
import { type Cell, errorsOf, type Results } from "./cells.ts";
import { goalsOf, verdict } from "./goals.ts";
import { extrapolate, growthBetween, type Spread } from "./statistics.ts";

const LIMIT = "limit";
/** Not run here; modelled. */
const LARGE = [100, 300];
/** Smaller classes are start-up for the most part, and below what is done at once. */
const SMALLEST_MODELLED = 10;

/** A table of Markdown; the first column is left, all others right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

/** Everything about one phase: a row for each size and variant. Empty when nothing of it was measured. */
export function phaseTable(results: Results, phase: Phase): string {
  const rows = results.sizes.flatMap((size) =>
    results.variants.flatMap((variant) => {
      const cell = results.cell(variant, size, phase);
      return cell === undefined ? [] : [rowOf(cell, results.cell(LIMIT, size, phase))];
    }),
  );
  if (rows.length === 0) return "";
  const head = [
    "variant",
    "N",
    "wall s",
    "× limit",
    "client CPU s",
    "peak MiB",
    "cloud CPU s",
    "other CPU s",
    "requests",
    "not 2xx/3xx",
    "runs",
  ];
  return table(head, rows);
}

function rowOf(cell: Cell, limit: Cell | undefined): string[] {
  const { variant, size, wall, cpu, peakMiB, cloudCpu, otherCpu, disturbed, failed, different, calls } = cell;
  return [
    ...[variant, String(size)],
    spreadText(wall, 2),
    wall === undefined || limit?.wall === undefined ? "–" : (wall.median / limit.wall.median).toFixed(2),
    ...[medianText(cpu, 2), medianText(peakMiB, 0), medianText(cloudCpu, 1)],
    `${medianText(otherCpu, 1)}${disturbed ? " !" : ""}`,
    calls === undefined ? "–" : String(calls.total),
    calls === undefined ? "–" : countsText(errorsOf(calls)),
    `${wall?.count ?? 0}${failed === 0 ? "" : `, ${failed} failed`}${different ? " ≠" : ""}`,
  ];
}

/** Median, and least to most where it was measured more than once. */
function spreadText(spread: Spread | undefined, digits: number): string {
  if (spread === undefined) return "–";
  const { median, least, most, count } = spread;
  return count === 1
    ? median.toFixed(digits)
    : `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}

function medianText(spread: Spread | undefined, digits: number): string {
  return spread?.median.toFixed(digits) ?? "–";
}

function countsText(counts: Record<string, number>): string {
  const texts = Object.entries(counts).map(([what, count]) => `${count} × ${what}`);
  return texts.length === 0 ? "0" : texts.join(", ");
}

/** The goals of the issue, each with what came of it. */
export function goalTable(results: Results): string {
  const rows = goalsOf(results).map((goal) => {
    const number = (value: number) => `${value.toFixed(goal.unit === "MiB" ? 0 : 2)} ${goal.unit}`;
    return [goal.goal, `≤ ${number(goal.most)}`, goal.value === undefined ? "–" : number(goal.value), verdict(goal)];
  });
  return table(["goal", "wanted", "measured", "verdict"], rows);
}

/** What a student costs as the class grows. */
export function growthTable(results: Results, phase: Phase): string {
  const rows = results.variants.flatMap((variant) => {
    const walls = results.points(variant, phase, ({ wall }) => wall);
    const cpus = results.points(variant, phase, ({ cpu }) => cpu);
    if (walls.length === 0) return [];
    const perStudent = results.sizes.map((size) => {
      const point = walls.find((each) => each.size === size);
      return point === undefined ? "–" : (point.value / size).toFixed(2);
    });
    const growth = (points: typeof walls) => growthBetween(points.at(-2), points.at(-1))?.toFixed(2) ?? "–";
    return [[variant, ...perStudent, growth(walls), growth(cpus)]];
  });
  if (rows.length === 0) return "";
  return table(
    ["variant", ...results.sizes.map((size) => `s a student, N = ${size}`), "growth of wall", "of client CPU"],
    rows,
  );
}

/** What was not run, from what was. */
export function modelTable(results: Results, phases: readonly Phase[]): string {
  const large = LARGE.filter((size) => !results.sizes.includes(size));
  const rows = phases.flatMap((phase) =>
    results.variants.flatMap((variant) => {
      const modelled = (of: (cell: Cell) => Spread | undefined, digits: number) =>
        large.map((size) => {
          const points = results.points(variant, phase, of).filter((point) => point.size >= SMALLEST_MODELLED);
          const value = extrapolate(points, size);
          return value === undefined ? "–" : `≈ ${value.toFixed(digits)}`;
        });
      const texts = [
        ...modelled(({ wall }) => wall, 0),
        ...modelled(({ cpu }) => cpu, 1),
        ...modelled(({ peakMiB }) => peakMiB, 0),
      ];
      return texts.every((text) => text === "–") ? [] : [[variant, phase, ...texts]];
    }),
  );
  if (rows.length === 0) return "";
  const columns = ["wall s", "client CPU s", "peak MiB"].flatMap((what) => large.map((size) => `${what}, N = ${size}`));
  return table(["variant", "phase", ...columns], rows);
}

/** Requests by kind of one phase, ours beside the limit's; the most frequent first. */
export function callsTable(results: Results, phase: Phase, size: number, variants: readonly string[]): string {
  const counted = variants.flatMap((variant) => {
    const calls = results.cell(variant, size, phase)?.calls;
    return calls === undefined ? [] : [{ variant, calls }];
  });
  if (counted.length === 0) return "";
  const kinds = [...new Set(counted.flatMap(({ calls }) => Object.keys(calls.byPattern)))];
  const most = (kind: string) => Math.max(...counted.map(({ calls }) => calls.byPattern[kind] ?? 0));
  const rows = kinds
    .toSorted((one, other) => most(other) - most(one) || one.localeCompare(other))
    .map((kind) => [`\`${kind}\``, ...counted.map(({ calls }) => String(calls.byPattern[kind] ?? 0))]);
  const total = ["all", ...counted.map(({ calls }) => String(calls.total))];
  return table(["request", ...counted.map(({ variant }) => variant)], [...rows, total]);
}
