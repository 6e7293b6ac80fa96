import { distance } from "fastest-levenshtein";

/** More edits than this is another word, not a slip. */
const MOST_EDITS = 3;

/** `; did you mean "private"?` when one of the candidates is a slip away, else an empty string. */
export function didYouMean(value: string, candidates: readonly string[]): string {
  const [best] = candidates
    .map((candidate) => ({ candidate, edits: distance(value.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const close = best !== undefined && best.edits <= Math.min(MOST_EDITS, Math.ceil(value.length / 2));
  return close ? `; did you mean "${best.candidate}"?` : "";
}
