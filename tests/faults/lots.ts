import { createHash } from "node:crypto";

/** Which points of a sweep are tried: `all`, so many, or from one to another, `40..80`. @default so many as say something in half an hour */
const WANTED = process.env["FAULT_POINTS"];

/**
 * `all`, or as many as the run asks for, in the order of lots that are always the same: a larger run has those of a smaller one first. Evenly
 * spaced ones would be all of one kind where kinds take turns.
 */
export function drawn<T>(all: readonly T[], quick: number): T[] {
  const [from = "0", to] = WANTED?.includes("..") === true ? WANTED.split("..") : ["0", WANTED ?? String(quick)];
  const lot = (index: number) => createHash("sha256").update(String(index)).digest("hex");
  return all
    .map((each, index) => ({ each, lot: lot(index) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .slice(Number(from), to === "all" ? all.length : Number(to))
    .map(({ each }) => each);
}
