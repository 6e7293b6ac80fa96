import { type Document, visit, type YAMLError } from "yaml";
import type { PlacedProblem } from "./parseLab.ts";
import type { Position } from "./positions.ts";

/** One mistake in the syntax often makes what follows look wrong too: more than this helps nobody. */
const MOST_SYNTAX_PROBLEMS = 5;

/**
 * What keeps a document from being read at all: syntax, a key twice, an alias without its anchor.
 *
 * @param noun what the document is: `lab` or `course`
 */
export function yamlProblems(
  document: Document,
  placeAt: (offset: number) => Position,
  text: string,
  noun: string,
): PlacedProblem[] {
  const syntax = [...document.errors, ...document.warnings].map((error) => ({
    ...placeAt(error.pos[0]),
    path: "",
    reason: syntaxReason(error, text, noun),
  }));
  // Of several at the same place, the first one is the cause.
  const first = new Map(syntax.toReversed().map((problem) => [`${problem.line}:${problem.column}`, problem]));
  return syntax.length > 0
    ? [...first.values()].reverse().slice(0, MOST_SYNTAX_PROBLEMS)
    : aliasProblems(document, placeAt);
}

function syntaxReason({ code, message, pos: [start] }: YAMLError, text: string, noun: string): string {
  if (code === "DUPLICATE_KEY") {
    const key = /^[^\s:,}]+/.exec(text.slice(start))?.[0] ?? "";
    return `the key ${key} is here a second time; keep one of them`;
  }
  if (code === "MULTIPLE_DOCS") return `a second document begins here; a ${noun} is one`;
  if (message.startsWith("Maximum call stack")) return "is nested too deeply";
  return message.split("\n")[0] ?? message;
}

/** Aliases that lead nowhere, and those inside of what they stand for, which would have no end. */
function aliasProblems(document: Document, placeAt: (offset: number) => Position): PlacedProblem[] {
  const anchors = new Map<string, unknown>();
  const problems: PlacedProblem[] = [];
  visit(document, {
    Alias(_key, alias, path) {
      const { source } = alias;
      const target = anchors.get(source);
      const place = { ...placeAt(alias.range?.[0] ?? 0), path: "" };
      if (target === undefined)
        problems.push({ ...place, reason: `*${source} stands for nothing; &${source} must come before it` });
      else if (path.some((parent) => parent === target))
        problems.push({ ...place, reason: `*${source} stands inside of what it stands for` });
    },
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return problems;
}
