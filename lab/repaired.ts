import type { z } from "zod";
import { didYouMean } from "./didYouMean.ts";
import { isMapping } from "./labSteps.ts";
import type { Problem } from "./problem.ts";

/** A document of which some has been left out. */
export interface Repaired {
  value: unknown;
  /** The path in the document as it is written: the entries of a list move up when one before them is left out. */
  written: (path: string) => string;
  /** Whether a problem only says that something is not there which was left out. */
  follows: (problem: Problem) => boolean;
}

/**
 * The document without what the schema refuses, so that the rest can be checked in the same run: a key that was misspelt has its right
 * name, other wrong values are left out.
 *
 * @param knownKeys which keys there are at a path
 */
export function repaired(
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
  knownKeys: (path: readonly string[]) => string[],
): Repaired {
  const copy: unknown = structuredClone(value);
  /** By the list's path. */
  const leftOut = new Map<string, { entries: unknown[]; indexes: Set<number> }>();
  for (const issue of issues) {
    const path = issue.path.map(String);
    const [around, key] = [at(copy, path.slice(0, -1)), path.at(-1) ?? ""];
    const here = at(copy, path);
    if (issue.code === "unrecognized_keys" && isMapping(here))
      for (const each of issue.keys) renameOrDelete(here, each, knownKeys(path));
    else if (Array.isArray(around)) {
      const list = path.slice(0, -1).join(".");
      const { indexes } = leftOut.get(list) ?? { indexes: new Set() };
      leftOut.set(list, { entries: around, indexes: indexes.add(Number(key)) });
    } else if (isMapping(around)) Reflect.deleteProperty(around, key);
  }
  for (const { entries, indexes } of leftOut.values())
    for (const index of [...indexes].sort((a, b) => b - a)) entries.splice(index, 1);
  const paths = issues.map(({ path }) => path.map(String).join("."));
  const names = issues.map(({ path }) => `"${String(path.at(-1))}"`);
  return {
    value: copy,
    written: (path) => [...leftOut].reduce(shifted, path),
    follows: ({ path, reason }) =>
      paths.includes(path) ||
      names.some((name) => reason.startsWith(`${name} is not `) || reason.startsWith(`${name} is neither `)),
  };
}

/** Counts the entries in that were left out before the one that a path leads to. */
function shifted(path: string, [list, { indexes }]: readonly [string, { indexes: ReadonlySet<number> }]): string {
  const [, index, rest = ""] = path.startsWith(`${list}.`)
    ? (/^(\d+)(.*)$/s.exec(path.slice(list.length + 1)) ?? [])
    : [];
  if (index === undefined) return path;
  const original = [...indexes].sort((a, b) => a - b).reduce((at, left) => (left <= at ? at + 1 : at), Number(index));
  return `${list}.${original}${rest}`;
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
