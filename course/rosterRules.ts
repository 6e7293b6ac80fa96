import { idProblems } from "../lab/identity.ts";
import { publicKeyProblems } from "../lab/publicKey.ts";
import { codePoint, quoted } from "./quoted.ts";
import type { RosterColumn } from "./rosterColumns.ts";

/** Longest name, in characters: OpenStack's own names end there. */
const LONGEST_NAME = 255;

/** https://www.rfc-editor.org/errata/eid1690 */
const LONGEST_EMAIL = 254;

/** Windows keeps these for devices, so no file and no folder can have such a name there: https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/;

/** Control characters and those that turn the direction of the text around them: https://www.unicode.org/reports/tr9/ */
const DISRUPTIVE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** What is wrong with a field; undefined when it is right. Only `id` must not be empty. */
export function fieldReason(column: RosterColumn, value: string): string | undefined {
  if (column === "id") return idReason(value);
  if (value === "") return undefined;
  return reasons[column](value);
}

const reasons: Record<Exclude<RosterColumn, "id">, (value: string) => string | undefined> = {
  name: (value) => {
    const disruptive = DISRUPTIVE.exec(value)?.[0];
    if (disruptive !== undefined)
      return `${quoted(value)} has ${hiddenText(disruptive)} in it, which would garble every list; leave it out`;
    const { length } = Array.from(value);
    return length > LONGEST_NAME ? `has ${length} characters; use at most ${LONGEST_NAME}` : undefined;
  },
  email: (value) =>
    value.length <= LONGEST_EMAIL &&
    /^[^\s@<>"(),;:\\\p{C}]+@[^\s@<>"(),;:\\\p{C}]+\.[^\s@<>"(),;:\\\p{C}]+$/u.test(value)
      ? undefined
      : `${quoted(value)} is not an e-mail address; write one like kim@example.com, or leave it empty`,
  ssh_public_key: (value) => publicKeyProblems("", value)[0]?.reason,
  group: (value) =>
    /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,39}$/u.test(value)
      ? undefined
      : `${quoted(value)} cannot be a group; begin with a letter or digit and use at most 40 letters, digits, spaces, dots, dashes and underscores`,
};

function idReason(id: string): string | undefined {
  if (id === "") return "is empty; every student needs an id, which stays the same for ever";
  const strange = /[^\x20-\x7e]/u.exec(id)?.[0];
  if (strange !== undefined)
    return `${quoted(id)} has ${hiddenText(strange)} in it; an id is made of the letters a to z, digits and dashes`;
  if (DEVICES.test(id)) return `${quoted(id)} is a name that Windows keeps for a device; add something to it`;
  const [problem] = idProblems("id", id);
  if (problem === undefined) return undefined;
  const suggestion = suggestedId(id);
  return (
    problem.reason.replace(`"${id}"`, () => quoted(id)) + (suggestion === undefined ? "" : `, e.g. "${suggestion}"`)
  );
}

/** An id like the one that was meant, where only little is wrong: `Kim Minji`, `20261234`. */
function suggestedId(id: string): string | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9 ._-]*$/.test(id)) return undefined;
  const slug = id
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^(?=\d)/, "s")
    .replace(/-$/, "");
  return idProblems("", slug).length === 0 && !DEVICES.test(slug) ? slug : undefined;
}

/** Some look like a letter of the alphabet, and some like nothing at all. */
function hiddenText(character: string): string {
  if (/\p{L}/u.test(character)) return `the letter "${character}" (${codePoint(character)})`;
  if (/[\r\n\u2028\u2029]/.test(character)) return "a line break";
  return `the character ${codePoint(character)}`;
}
