import iconv from "iconv-lite";
import { quoted } from "./quoted.ts";
import type { RosterProblem } from "./rosterProblem.ts";

/** The text of a roster without byte order mark, and what a person should look at. */
export type DecodedRoster =
  { ok: true; text: string; warnings: RosterProblem[] } | { ok: false; problems: RosterProblem[] };

const AS_UTF8 = 'in Excel: File, Save As, "CSV UTF-8 (Comma delimited)"';

/** What other files than text begin with. https://en.wikipedia.org/wiki/List_of_file_signatures */
const OTHER_FILES: [signature: readonly number[], what: string][] = [
  [[0x50, 0x4b, 0x03, 0x04], "an Excel workbook or another zip file"],
  [[0xd0, 0xcf, 0x11, 0xe0], "a workbook of an old Excel"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF"],
  [[0xff, 0xfe, 0x00, 0x00], "UTF-32 text"],
];

/**
 * Reads the bytes as what they are for certain: UTF-8, UTF-16 with its mark, or the CP949 of a Korean Excel – the last with a warning, which
 * shows a text of the file for a person to recognise. Everything else is refused with what it looks like.
 */
export function decodeRoster(bytes: Uint8Array): DecodedRoster {
  const other = OTHER_FILES.find(([signature]) => signature.every((byte, index) => bytes[index] === byte));
  if (other !== undefined) return refused(1, `is ${other[1]}, not CSV; save it as CSV, ${AS_UTF8}`);
  const utf16 = markedAs(bytes, 0xff, 0xfe) ? "utf-16le" : markedAs(bytes, 0xfe, 0xff) ? "utf-16be" : undefined;
  if (utf16 !== undefined) {
    const text = decoded(bytes, utf16);
    if (text === undefined) return refused(1, `begins like UTF-16 text, but is damaged; save it again, ${AS_UTF8}`);
    return { ok: true, text, warnings: [] };
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) return refused(lineAt(bytes, nul), nulReason(bytes));
  const utf8 = decoded(bytes, "utf-8");
  if (utf8 !== undefined) return { ok: true, text: utf8, warnings: [] };
  const korean = koreanText(bytes);
  if (korean !== undefined) return { ok: true, text: korean, warnings: [readAsKorean(korean)] };
  return refused(firstBadLine(bytes), notUtf8(bytes));
}

const refused = (line: number, reason: string): DecodedRoster => ({ ok: false, problems: [{ line, reason }] });

const markedAs = (bytes: Uint8Array, first: number, second: number) => bytes[0] === first && bytes[1] === second;

/** undefined when it is not in that encoding. A byte order mark is left out. */
function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Every second byte of ASCII text in UTF-16 is NUL. */
function nulReason(bytes: Uint8Array): string {
  const nuls = [0, 1].map((half) => bytes.subarray(0, 200).filter((byte, at) => at % 2 === half && byte === 0).length);
  const most = Math.min(bytes.length, 200) / 4;
  return Math.max(...nuls) > most
    ? `looks like UTF-16 text without its byte order mark; save it as UTF-8, ${AS_UTF8}`
    : "has a NUL byte in it, so it is not text; write the file again";
}

/**
 * The text when it can hardly be anything else: every byte that is not ASCII is part of a Korean syllable, most of these are of the common
 * ones, and none touches a Latin letter, as an accented letter of Latin-1 would. Names in Chinese characters would look like this in
 * Chinese encodings too, so they are not taken.
 */
function koreanText(bytes: Uint8Array): string | undefined {
  const text = iconv.decode(Buffer.from(bytes), "cp949");
  const syllables = (text.match(/[\uac00-\ud7a3]/g) ?? []).slice(0, 1000);
  if (!/^[\p{ASCII}\uac00-\ud7a3]*$/u.test(text) || /[a-z][\uac00-\ud7a3]|[\uac00-\ud7a3][a-z]/i.test(text))
    return undefined;
  // The common ones are those of KS X 1001, which CP949 extends: https://en.wikipedia.org/wiki/Unified_Hangul_Code
  const common = syllables.filter((each) => iconv.encode(each, "cp949").every((byte) => byte >= 0xa1));
  return common.length * 2 > syllables.length && iconv.encode(text, "cp949").equals(bytes) ? text : undefined;
}

/** With a guess, where one of its readings looks like a name. */
function notUtf8(bytes: Uint8Array): string {
  const latin = iconv.decode(Buffer.from(bytes), "windows-1252");
  const accented =
    /[a-z]+[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]|[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff][a-z]+/i.exec(latin);
  const korean = iconv.decode(Buffer.from(bytes), "cp949");
  const eastern = korean.includes("\ufffd") ? null : /[^\p{ASCII}]+/u.exec(korean);
  const guess =
    accented !== null
      ? `; as Latin-1 (Windows-1252) it would say ${quoted(accented[0])}`
      : eastern !== null
        ? `; as CP949 (Korean) it would say ${quoted(eastern[0])}`
        : "";
  return `is not UTF-8 text${guess}; save it as UTF-8, ${AS_UTF8}`;
}

/** A line break is never part of another character in UTF-8. */
function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    const next = end < 0 ? bytes.length : end + 1;
    if (decoded(bytes.subarray(start, next), "utf-8") === undefined) return line;
    start = next;
  }
  return 1;
}

function lineAt(bytes: Uint8Array, offset: number): number {
  return bytes.subarray(0, offset).filter((byte) => byte === 0x0a).length + 1;
}

/** Shows the first text in which a wrong guess would be seen. */
function readAsKorean(text: string): RosterProblem {
  const [, before = "", word = ""] = /^(\p{ASCII}*?)([\uac00-\ud7a3][^,;"\r\n\t]*)/u.exec(text) ?? [];
  const line = before.split("\n").length;
  return {
    line,
    reason: `is read as CP949, as a Korean Excel saves it; if ${quoted(word)} is not what it says, save it as UTF-8, ${AS_UTF8}`,
  };
}
