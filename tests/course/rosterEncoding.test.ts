import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { parseRoster } from "../../course/roster.ts";
import { reasonOf } from "./rosterText.ts";

const as = (encoding: string, text: string, addBOM = false) => parseRoster(iconv.encode(text, encoding, { addBOM }));
const namesOf = (roster: ReturnType<typeof parseRoster>) => (roster.ok ? roster.students.map(({ name }) => name) : []);
const SAVE = 'save it as UTF-8, in Excel: File, Save As, "CSV UTF-8 (Comma delimited)"';

describe("what a spreadsheet saves", () => {
  it.each([
    ["UTF-8", as("utf-8", "id,name\nkim,김민지\n")],
    ["UTF-8 with its mark", as("utf-8", "id,name\nkim,김민지\n", true)],
    ["UTF-16 with its mark, which Excel calls Unicode Text", as("utf-16le", "id\tname\r\nkim\t김민지\r\n", true)],
    ["UTF-16, the bytes the other way around", as("utf-16be", "id,name\nkim,김민지\n", true)],
  ])("is read for certain: %s", (_encoding, roster) => {
    expect(roster).toMatchObject({ ok: true, students: [{ id: "kim", name: "김민지" }], warnings: [] });
  });

  it("in a Korean Excel is CP949, syllables beyond the common ones too", () => {
    const roster = as("cp949", "id,name\r\nkim,Kim\r\nlee,이서연\r\nchoi,똠방각하\r\n");
    expect(namesOf(roster)).toEqual(["Kim", "이서연", "똠방각하"]);
    expect(roster.ok && roster.warnings).toEqual([
      {
        line: 3,
        reason: `is read as CP949, as a Korean Excel saves it; if "이서연" is not what it says, ${SAVE}`,
      },
    ]);
  });

  it.each([
    ["Latin-1", "latin1", "id,name\nlee,Lee\nkim,José\n", 3, '; as Latin-1 (Windows-1252) it would say "José"'],
    [
      "letters that CP949 would take for Korean",
      "latin1",
      "id,name\nkim,Ågren\n",
      2,
      '; as Latin-1 (Windows-1252) it would say "Ågren"',
    ],
    [
      "Chinese characters, which have several encodings",
      "cp949",
      "id,name\nkim,金敏智\n",
      2,
      '; as CP949 (Korean) it would say "金敏智"',
    ],
    ["Japanese", "shift_jis", "id,name\nkim,田中\n", 2, "; as CP949 (Korean) it would say"],
    ["Chinese", "gbk", "id,name\nkim,王小明\n", 2, "; as CP949 (Korean) it would say"],
  ])("is refused with a guess: %s", (_what, encoding, text, line, guess) => {
    const roster = as(encoding, text);
    expect(roster).toMatchObject({ ok: false, problems: [{ line }] });
    const reason = roster.ok ? "" : (roster.problems[0]?.reason ?? "");
    expect(reason.startsWith(`is not UTF-8 text${guess}`)).toBe(true);
    expect(reason.endsWith(SAVE)).toBe(true);
  });

  it.each([
    [
      "UTF-16 without its mark",
      iconv.encode("id,name\nkim,x\n", "utf-16le"),
      1,
      "looks like UTF-16 text without its byte order mark",
    ],
    [
      "half a character of UTF-16",
      Buffer.from([0xff, 0xfe, 0x69, 0x00, 0x64]),
      1,
      "begins like UTF-16 text, but is damaged",
    ],
    ["UTF-32", iconv.encode("id\nkim\n", "utf-32le", { addBOM: true }), 1, "is UTF-32 text, not CSV"],
    [
      "a NUL byte",
      Buffer.from("id,name\nkim,K\0im\n"),
      2,
      "has a NUL byte in it, so it is not text; write the file again",
    ],
    [
      "a workbook",
      Buffer.from("PK\u0003\u0004\u0014\0\u0006\0"),
      1,
      "is an Excel workbook or another zip file, not CSV",
    ],
    ["an old workbook", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), 1, "is a workbook of an old Excel, not CSV"],
    ["a PDF", Buffer.from("%PDF-1.7\n"), 1, "is a PDF, not CSV"],
    [
      "a broken byte",
      Buffer.from([0x69, 0x64, 0x0a, 0x6b, 0x0a, 0xff, 0x0a]),
      3,
      "is not UTF-8 text; save it as UTF-8",
    ],
  ])("is refused as what it is: %s", (_what, bytes, line, reason) => {
    expect(parseRoster(bytes)).toMatchObject({
      ok: false,
      problems: [{ line, reason: reasonOf(reason) }],
    });
  });
});
