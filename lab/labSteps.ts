import { didYouMean } from "./didYouMean.ts";
import type { Problem } from "./problem.ts";

interface Step {
  name: string;
  class?: unknown;
  student?: unknown;
}

export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The document as it is at a step: the changes of all steps up to that one, as JSON merge patches (RFC 7396): mappings are merged,
 * null takes away, everything else replaces. https://www.rfc-editor.org/rfc/rfc7396
 */
export function applySteps(
  document: unknown,
  steps: readonly Step[],
  wanted: string | undefined,
): { value: unknown; problems: Problem[] } {
  if (wanted === undefined || wanted === "" || !isMapping(document)) return { value: document, problems: [] };
  const names = steps.map(({ name }) => name);
  const last = names.indexOf(wanted);
  if (last < 0)
    return {
      value: document,
      problems: [
        {
          path: "steps",
          reason: `there is no step "${wanted}"; the lab has ${names.join(", ") || "none"}${didYouMean(wanted, names)}`,
        },
      ],
    };
  const value = steps
    .slice(0, last + 1)
    .reduce<unknown>(
      (merged, { class: forClass = {}, student = {} }) => merge(merged, { class: forClass, student }),
      document,
    );
  return { value, problems: [] };
}

/** A JSON merge patch (RFC 7396). */
export function merge(target: unknown, patch: unknown): unknown {
  if (!isMapping(patch)) return patch;
  const merged = new Map(Object.entries(isMapping(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, merge(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}
