import type { z } from "zod";
import { didYouMean } from "./didYouMean.ts";
import { isMapping } from "./labSteps.ts";

/**
 * The document without what the schema refuses, so that the rest can be checked in the same run: a key that was misspelt has its right
 * name, other wrong values are left out.
 *
 * @param knownKeys which keys there are at a path
 * @returns undefined where that cannot be done without changing what the rest means
 */
export function repaired(
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
  knownKeys: (path: readonly string[]) => string[],
): unknown {
  const copy: unknown = structuredClone(value);
  for (const issue of issues) {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys") {
      const around = at(copy, path);
      if (!isMapping(around)) return undefined;
      for (const key of issue.keys) renameOrDelete(around, key, knownKeys(path));
    } else {
      const around = at(copy, path.slice(0, -1));
      const key = path.at(-1);
      // The other entries of a list would move.
      if (!isMapping(around) || key === undefined) return undefined;
      Reflect.deleteProperty(around, key);
    }
  }
  return copy;
}

function renameOrDelete(around: Record<string, unknown>, key: string, known: readonly string[]): void {
  const meant = known.find((each) => didYouMean(key, known) === `; did you mean "${each}"?`);
  if (meant !== undefined && !Object.hasOwn(around, meant)) around[meant] = around[key];
  Reflect.deleteProperty(around, key);
}

function at(value: unknown, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined) return value;
  if (Array.isArray(value)) return at(value[Number(first)], rest);
  return isMapping(value) && Object.hasOwn(value, first) ? at(value[first], rest) : undefined;
}
