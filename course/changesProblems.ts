import { didYouMean } from "../lab/didYouMean.ts";
import { labSchema } from "../lab/labSchema.ts";
import { isMapping } from "../lab/labSteps.ts";
import type { Problem } from "../lab/problem.ts";
import { knownKeys } from "../lab/schemaProblems.ts";

/**
 * Keys in a course's changes that no lab has: told here, because here they have a line. What is written at the keys is checked by parseLab,
 * in the lab that the changes make.
 */
export function changesProblems(changes: Record<string, unknown>): Problem[] {
  return unknownKeys(changes, []);
}

function unknownKeys(part: Record<string, unknown>, path: readonly string[]): Problem[] {
  const known = knownKeys(labSchema, path).filter((key) => path.length > 0 || key !== "steps");
  return Object.entries(part).flatMap(([key, value]): Problem[] => {
    // Where there are no keys to know, names are chosen freely.
    if (known.length > 0 && !known.includes(key)) {
      const reason = `is not a key here${didYouMean(key, known)} (there are ${known.join(", ")})`;
      return [{ path: ["changes", ...path, key].join("."), reason }];
    }
    return isMapping(value) ? unknownKeys(value, [...path, key]) : [];
  });
}
