import { idProblems } from "../lab/identity.ts";
import { isMapping } from "../lab/labSteps.ts";
import { inOrder, type PlacedProblem } from "../lab/parseLab.ts";
import { positionsOf } from "../lab/positions.ts";
import type { Problem } from "../lab/problem.ts";
import { schemaProblems } from "../lab/schemaProblems.ts";
import { yamlMapping } from "../lab/yamlMapping.ts";
import { changesProblems } from "./changesProblems.ts";
import { type Course, courseSchema } from "./courseSchema.ts";

export type ParsedCourse = { ok: true; course: Course } | { ok: false; problems: PlacedProblem[] };

/**
 * Reads a course document. Everything that is wrong with it is told at once, with line and column; what is wrong with the lab, or with
 * what the changes make of it, parseLab tells.
 */
export function parseCourse(text: string): ParsedCourse {
  const mapping = yamlMapping(text, "course");
  if (!mapping.ok) return mapping;
  const positionOf = positionsOf(mapping.document, mapping.placeAt);
  const parsed = courseSchema.safeParse(mapping.value, { reportInput: true });
  const problems = [
    ...(parsed.success ? [] : schemaProblems(courseSchema, parsed.error.issues)),
    ...ruleProblems(mapping.value),
  ];
  if (parsed.success && problems.length === 0) return { ok: true, course: parsed.data };
  return { ok: false, problems: inOrder(problems.map((problem) => ({ ...problem, ...positionOf(problem.path) }))) };
}

/** What the schema cannot say, of the document as it is written, so that it is told together with what the schema refuses. */
function ruleProblems({ course, changes, state }: Record<string, unknown>): Problem[] {
  return [
    ...(typeof course === "string" ? idProblems("course", course) : []),
    ...(isMapping(changes) ? changesProblems(changes) : []),
    ...(typeof state === "string" ? passwordProblems(state) : []),
  ];
}

/** The document is kept with other course material and given to colleagues; Pulumi takes passwords from the environment. */
function passwordProblems(state: string): Problem[] {
  if (!/^\w+:\/\/[^/@]*:[^/@]+@/.test(state) && !/[?&]password=/i.test(state)) return [];
  return [
    {
      path: "state",
      reason:
        "has a password in it, and a course document is no place for one; leave it out and set PGPASSWORD instead",
    },
  ];
}
