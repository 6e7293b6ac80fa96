import { it } from "vitest";
import { programVersion, readResults } from "../support/testResults.ts";

/** How many points of a sweep are tried. @default so many as say something in half an hour */
const WANTED = process.env["FAULT_POINTS"];

const passed = new Set(
  Object.entries(readResults("faults")).flatMap(([name, { state, version }]) =>
    state === "passed" && version === programVersion() ? [name] : [],
  ),
);

/** `all`, or as many as the run asks for, evenly over the whole list. */
export function sampled<T>(all: readonly T[], quick: number): T[] {
  const count = WANTED === "all" ? all.length : Math.min(all.length, Number(WANTED ?? quick));
  return Array.from({ length: count }, (_, index) => all[Math.floor(((index + 0.5) * all.length) / count)]).flatMap(
    (point) => point ?? [],
  );
}

/** A test that is not done again when it has passed with this very program before: a full sweep takes hours, and may be broken off. */
export function point(file: string, suite: string, name: string, run: () => Promise<void>): void {
  const isDone = process.env["FAULT_AGAIN"] === undefined && passed.has(`${file} > ${suite} > ${name}`);
  it.skipIf(isDone)(name, run);
}
