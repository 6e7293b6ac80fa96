import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readResults, resultsSchema, type TestResults } from "../support/testResults.ts";

/** Each keeps its results: see its vitest.config.ts. */
const SUITES = ["unit", "class", "cloud", "services", "labs", "faults"];

/** Committed, so that a sweep goes on, and the report is written, on whatever machine. */
export const RECORD = new URL("record/", import.meta.url);
const file = new URL("results.json", RECORD);

/** How each test of any suite ended last, here or where the record was written. */
export function knownResults(): TestResults {
  const known = existsSync(file) ? resultsSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : {};
  for (const suite of SUITES)
    for (const [name, result] of Object.entries(readResults(suite)))
      if (result.at > (known[name]?.at ?? "")) known[name] = result;
  return known;
}

export function writeRecord(results: TestResults): void {
  const sorted = Object.entries(results).sort(([a], [b]) => (a < b ? -1 : 1));
  mkdirSync(RECORD, { recursive: true });
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`);
}
