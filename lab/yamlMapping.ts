import { type Document, parseDocument } from "yaml";
import { isMapping } from "./labSteps.ts";
import { placesIn, type Position } from "./positions.ts";
import type { PlacedProblem } from "./parseLab.ts";
import { yamlProblems } from "./yamlProblems.ts";

export type YamlMapping =
  | { ok: true; value: Record<string, unknown>; document: Document; placeAt: (offset: number) => Position }
  | { ok: false; problems: PlacedProblem[] };

/**
 * Reads the text of a document that is a mapping.
 *
 * @param noun what the document is, which is also its first key: `lab` or `course`
 */
export function yamlMapping(text: string, noun: string): YamlMapping {
  const document = parseDocument(text, { prettyErrors: false, logLevel: "error", merge: true });
  const placeAt = placesIn(text);
  const unreadable = yamlProblems(document, placeAt, text, noun);
  if (unreadable.length > 0) return { ok: false, problems: unreadable };
  const refused = (reason: string): YamlMapping => ({
    ok: false,
    problems: [{ path: "", reason, line: 1, column: 1 }],
  });
  const value = valueOf(document);
  if (value === undefined) return refused("its aliases unfold to too much");
  if (!isMapping(value))
    return refused(`${value === null ? "is empty" : "is not a mapping"}; a ${noun} begins with "${noun}: <id>"`);
  return { ok: true, value, document, placeAt };
}

/** undefined when it would be too large: https://en.wikipedia.org/wiki/Billion_laughs_attack */
function valueOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}
