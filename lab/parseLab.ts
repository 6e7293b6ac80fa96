import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Node } from "yaml";
import { z } from "zod";
import { labProblems } from "./labRules.ts";
import { labSchema, type Lab } from "./labSchema.ts";
import { applySteps } from "./labSteps.ts";
import { labWarnings } from "./labWarnings.ts";
import type { Problem } from "./problem.ts";
import { schemaProblems } from "./schemaProblems.ts";

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
 */
export function parseLab(text: string, step?: string): ParsedLab {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (problem: Problem): PlacedProblem => ({
    ...problem,
    ...positionOf(treesOf(document.contents, step), lines, problem.path),
  });
  if (document.errors.length > 0)
    return {
      ok: false,
      warnings: [],
      problems: document.errors.map(({ pos: [start], message }) => {
        const { line, col } = lines.linePos(start);
        return { line, column: col, path: "", reason: message.split("\n")[0] ?? message };
      }),
    };
  const raw: unknown = document.toJS();
  const stepped = applySteps(raw, Parts.safeParse(raw).data?.steps ?? [], step);
  if (stepped.problems.length > 0) return { ok: false, problems: stepped.problems.map(place), warnings: [] };
  const parsed = labSchema.safeParse(stepped.value);
  if (!parsed.success)
    return { ok: false, problems: schemaProblems(labSchema, parsed.error.issues).map(place), warnings: [] };
  const problems = labProblems(parsed.data).map(place);
  const warnings = labWarnings(parsed.data, stepped.value).map(place);
  return problems.length > 0 ? { ok: false, problems, warnings } : { ok: true, lab: parsed.data, warnings };
}

/** `lab.yaml:12:7 student.instances.web1.network: …`, a line for each. */
export function placedText(file: string, problems: readonly PlacedProblem[]): string {
  return problems
    .map(({ line, column, path, reason }) => `${file}:${line}:${column} ${path === "" ? "" : `${path}: `}${reason}`)
    .join("\n");
}

/** The changes of the steps, the latest first, and then the document that they change. */
function treesOf(contents: Node | null, step: string | undefined): Node[] {
  if (!isMap(contents)) return [];
  const steps = contents.get("steps", true);
  const items = isSeq(steps) ? steps.items.filter(isMap) : [];
  const last = items.findIndex((item) => item.get("name") === step);
  return [...items.slice(0, last + 1).reverse(), contents];
}

/** Where the key of a path stands, in one of the trees that may have it; of what is not there, the nearest that is around it. */
function positionOf(trees: readonly Node[], lines: LineCounter, path: string): { line: number; column: number } {
  for (let keys = path === "" ? [] : path.split("."); keys.length > 0; keys = keys.slice(0, -1)) {
    for (const tree of trees) {
      const offset = keyOffset(tree, keys);
      if (offset === undefined) continue;
      const { line, col } = lines.linePos(offset);
      return { line, column: col };
    }
  }
  return { line: 1, column: 1 };
}

function keyOffset(node: unknown, [first, ...rest]: readonly string[]): number | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(first)];
    return rest.length === 0 && isNode(item) ? item.range?.[0] : keyOffset(item, rest);
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === first);
  if (rest.length > 0) return keyOffset(pair?.value, rest);
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}
