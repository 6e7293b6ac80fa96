import { didYouMean } from "../lab/didYouMean.ts";
import type { Problem } from "../lab/problem.ts";

/** The one with this id or name; when there is none or more than one, that is added to the problems. */
export function oneNamed<T extends { id: string; name: string }>(
  all: readonly T[],
  path: string,
  kind: string,
  wanted: string,
  problems: Problem[],
): T | undefined {
  const byId = all.find(({ id }) => id === wanted);
  if (byId !== undefined) return byId;
  const [first, ...others] = all.filter(({ name }) => name === wanted);
  if (first !== undefined && others.length === 0) return first;
  const names = [...new Set(all.map(({ name }) => name))].sort();
  problems.push({
    path,
    reason:
      first === undefined
        ? `"${wanted}" is not ${/^[aei]/.test(kind) ? "an" : "a"} ${kind} of this cloud; it has ${names.join(", ") || "none"}${didYouMean(wanted, names)}`
        : `"${wanted}" is the name of ${others.length + 1} ${kind}s; write the id of one: ${[first, ...others].map(({ id }) => id).join(", ")}`,
  });
  return undefined;
}
