import type { EndRow, PhaseRow, Row } from "./rows.ts";

/** One variant's way through all phases with one class. */
export interface Round {
  repetition: number;
  variant: string;
  size: number;
}

export interface PlanOptions {
  variants: readonly string[];
  sizes: readonly number[];
  /** How often everything is timed. */
  repetitions: number;
  /** Whether requests are counted, in a pass before. */
  count: boolean;
}

/**
 * All rounds in their order: each repetition goes through the sizes, and at each size all variants take turns, another one first each
 * time, so that whatever changes on the machine meets all of them.
 */
export function planRounds({ variants, sizes, repetitions, count }: PlanOptions): Round[] {
  const passes = Array.from({ length: repetitions + 1 }, (_, repetition) => repetition).slice(count ? 0 : 1);
  return passes.flatMap((repetition) =>
    sizes.flatMap((size, turn) =>
      rotated(variants, repetition + turn).map((variant) => ({ repetition, variant, size })),
    ),
  );
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const first = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

/** Those that were not gone through to their end. */
export function stillToDo(rounds: readonly Round[], rows: readonly Row[]): Round[] {
  const done = new Set(rows.filter(({ kind }) => kind === "end").map((row) => keyOf(row)));
  return rounds.filter((round) => !done.has(keyOf(round)));
}

/** Rows of rounds that were gone through to their end; of a round that was run twice, the later. */
export function completeRounds(rows: readonly Row[]): { end: EndRow; phases: PhaseRow[] }[] {
  const ends = new Map(rows.flatMap((row) => (row.kind === "end" ? [[keyOf(row), row] as const] : [])));
  return [...ends.values()].map((end) => ({
    end,
    phases: rows.filter((row) => row.kind === "phase").filter(({ attempt }) => attempt === end.attempt),
  }));
}

function keyOf(row: Row | Round): string {
  return "size" in row ? `${row.repetition} ${row.variant} ${row.size}` : "";
}
