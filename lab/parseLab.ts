import { type Document, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { labProblems } from "./labRules.ts";
import { labSchema, type Lab } from "./labSchema.ts";
import { applySteps, isMapping, merge } from "./labSteps.ts";
import { labWarnings } from "./labWarnings.ts";
import { positionsOf } from "./positions.ts";
import type { Problem } from "./problem.ts";
import { repaired } from "./repaired.ts";
import { knownKeys, schemaProblems } from "./schemaProblems.ts";
import { yamlProblems } from "./yamlProblems.ts";

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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error", merge: true });
  const unreadable = yamlProblems(document, lines, text);
  if (unreadable.length > 0) return { ok: false, problems: unreadable, warnings: [] };
  const positionOf = positionsOf(document, lines, step);
  const place = (problem: Problem): PlacedProblem => ({ ...problem, ...positionOf(problem.path) });
  const raw = valueOf(document);
  if (raw === undefined)
    return { ok: false, problems: [place({ path: "", reason: "its aliases unfold to too much" })], warnings: [] };
  if (!isMapping(raw))
    return {
      ok: false,
      problems: [
        place({ path: "", reason: `${raw === null ? "is empty" : "is not a mapping"}; a lab begins with "lab: <id>"` }),
      ],
      warnings: [],
    };
  const stepped = applySteps(raw, Parts.safeParse(raw).data?.steps ?? [], step);
  if (stepped.problems.length > 0) return { ok: false, problems: stepped.problems.map(place), warnings: [] };
  const changed = merge(stepped.value, changes);
  const parsed = labSchema.safeParse(changed, { reportInput: true });
  const issues = parsed.success ? [] : parsed.error.issues;
  const lab = parsed.data ?? readableRest(changed, issues);
  const problems = [...schemaProblems(labSchema, issues), ...(lab === undefined ? [] : labProblems(lab))];
  const warnings = inOrder(lab === undefined ? [] : labWarnings(lab, changed).map(place));
  return parsed.success && problems.length === 0
    ? { ok: true, lab: parsed.data, warnings }
    : { ok: false, problems: inOrder(problems.map(place)), warnings };
}

/** What a document with mistakes says otherwise, to find those in it too. */
function readableRest(value: unknown, issues: readonly z.core.$ZodIssue[]): Lab | undefined {
  return labSchema.safeParse(repaired(value, issues, (path) => knownKeys(labSchema, path))).data;
}

function inOrder(problems: readonly PlacedProblem[]): PlacedProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** `lab.yaml:12:7 student.instances.web1.network: …`, a line for each. */
export function placedText(file: string, problems: readonly PlacedProblem[]): string {
  return problems
    .map(({ line, column, path, reason }) => `${file}:${line}:${column} ${path === "" ? "" : `${path}: `}${reason}`)
    .join("\n");
}

/** undefined when it would be too large: https://en.wikipedia.org/wiki/Billion_laughs_attack */
function valueOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}
