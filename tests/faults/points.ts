import { createHash } from "node:crypto";
import { it } from "vitest";
import { programVersion, readResults } from "../support/testResults.ts";

/** How many points of a sweep are tried. @default so many as say something in half an hour */
const WANTED = process.env["FAULT_POINTS"];

const passed = new Set(
  Object.entries(readResults("faults")).flatMap(([name, { state, version }]) =>
    state === "passed" && version === programVersion() ? [name] : [],
  ),
);

/**
 * `all`, or as many as the run asks for, anywhere in the list and always the same: a larger run has those of a smaller one, too. Evenly spaced
 * ones would be all of one kind where kinds take turns.
 */
export function sampled<T>(all: readonly T[], quick: number): T[] {
  const count = WANTED === "all" ? all.length : Number(WANTED ?? quick);
  const lots = all.map((_, index) => createHash("sha256").update(String(index)).digest("hex"));
  const drawn = new Set(lots.toSorted().slice(0, count));
  return all.filter((_, index) => drawn.has(lots[index] ?? ""));
}

/** A test that is not done again when it has passed with this very program before: a full sweep takes hours, and may be broken off. */
export function point(file: string, suite: string, name: string, run: () => Promise<void>): void {
  const isDone = process.env["FAULT_AGAIN"] === undefined && passed.has(`${file} > ${suite} > ${name}`);
  it.skipIf(isDone)(name, run);
}
