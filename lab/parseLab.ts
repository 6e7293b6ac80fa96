import { z } from "zod";
import { labProblems } from "./labRules.ts";
import { labSchema, type Lab } from "./labSchema.ts";
import { applySteps, merge } from "./labSteps.ts";
import { labWarnings } from "./labWarnings.ts";
import { positionsOf } from "./positions.ts";
import type { Problem } from "./problem.ts";
import { repaired } from "./repaired.ts";
import { knownKeys, schemaProblems } from "./schemaProblems.ts";
import { yamlMapping } from "./yamlMapping.ts";

/** A problem with the place in the file where it lies. */
export interface PlacedProblem extends Problem {
  line: number;
  column: number;
}

export type ParsedLab =
  | { ok: true; lab: Lab; warnings: PlacedProblem[] }
  | { ok: false; problems: PlacedProblem[]; warnings: PlacedProblem[] };

/** Parts of the document that a step may change. */
const Parts = z.looseObject({ steps: z.array(z.looseObject({ name: z.string() })).default([]) });

/**
 * Reads a lab document as it is at one step of its exercise. Everything that is wrong is told at once, with line and column.
 *
 * @param step name of the step; undefined is the lab as it begins
 * @param changes made to the lab at that step, written like it: a JSON merge patch
 */
export function parseLab(text: string, step?: string, changes: object = {}): ParsedLab {
  const mapping = yamlMapping(text, "lab");
  if (!mapping.ok) return { ...mapping, warnings: [] };
  const { value: raw, document, placeAt } = mapping;
  const positionOf = positionsOf(document, placeAt, step);
  const place = (problem: Problem): PlacedProblem => ({ ...problem, ...positionOf(problem.path) });
  const stepped = applySteps(raw, Parts.safeParse(raw).data?.steps ?? [], step);
  if (stepped.problems.length > 0) return { ok: false, problems: stepped.problems.map(place), warnings: [] };
  const changed = merge(stepped.value, changes);
  const parsed = labSchema.safeParse(changed, { reportInput: true });
  if (!parsed.success) {
    const { issues } = parsed.error;
    const rest = repaired(stepped.value, issues, (path) => knownKeys(labSchema, path));
    const lab = labSchema.safeParse(rest.value).data;
    const more = (lab === undefined ? [] : labProblems(lab))
      .map(({ path, reason }) => ({ path: rest.written(path), reason }))
      .filter((problem) => !rest.follows(problem));
    const problems = [...schemaProblems(labSchema, issues), ...more].map(place);
    return { ok: false, problems: inOrder(problems), warnings: [] };
  }
  const problems = inOrder(labProblems(parsed.data).map(place));
  const warnings = inOrder(labWarnings(parsed.data, stepped.value).map(place));
  return problems.length > 0 ? { ok: false, problems, warnings } : { ok: true, lab: parsed.data, warnings };
}

/** As they stand in the file. */
export function inOrder(problems: readonly PlacedProblem[]): PlacedProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** `lab.yaml:12:7 student.instances.web1.network: …`, a line for each. */
export function placedText(file: string, problems: readonly PlacedProblem[]): string {
  return problems
    .map(({ line, column, path, reason }) => `${file}:${line}:${column} ${path === "" ? "" : `${path}: `}${reason}`)
    .join("\n");
}
