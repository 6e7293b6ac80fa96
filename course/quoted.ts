/** More of a value than this is not needed to find it. In characters. */
const MOST_SHOWN = 40;

/**
 * A value from a file in quotation marks, so that it can be printed anywhere: what would act on a terminal, or is not to be seen, is
 * written as \u{…}.
 */
export function quoted(value: string): string {
  // The first half of a pair of surrogates must not be cut off from the second.
  const characters = Array.from(value.slice(0, 2 * MOST_SHOWN + 2));
  const shown = characters.slice(0, MOST_SHOWN).map((each) => (isHidden(each) ? escaped(each) : each));
  return `"${shown.join("")}${characters.length > MOST_SHOWN ? "…" : ""}"`;
}

/** `U+0456`, as character tables list it. */
export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Control and format characters, halves of a pair, and separators that are not a plain space. */
const isHidden = (character: string) => /^[\p{C}\p{Zl}\p{Zp}\u00a0\u3000]$/u.test(character);

function escaped(character: string): string {
  const known: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return known[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
