import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { parseRoster } from "../../course/roster.ts";
import { ROSTER_COLUMNS } from "../../course/rosterColumns.ts";
import { idProblems } from "../../lab/identity.ts";
import { PUBLIC_KEY } from "../support/publicKey.ts";

const anId = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,18}[a-z0-9]$/)
  .filter((id) => !/^(con|prn|aux|nul|com\d|lpt\d)$/.test(id));
const cleaned = (text: string) =>
  text
    .normalize("NFC")
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, "")
    .trim();
const aName = fc.string({ unit: "grapheme", maxLength: 60 }).map(cleaned);
const aKoreanName = fc.stringMatching(/^[가-힣]{2,4}$/);
const aGroup = fc.constantFrom("", "Group A", "2반", "a_b.c-d");

interface Row {
  id: string;
  name: string;
  email: string;
  ssh_public_key: string;
  group: string;
}

const rows = (name: fc.Arbitrary<string>): fc.Arbitrary<Row[]> =>
  fc.uniqueArray(
    fc.record({
      id: anId,
      name,
      email: fc.constantFrom("", "kim@example.com", "이@예.한국"),
      ssh_public_key: fc.constantFrom("", PUBLIC_KEY),
      group: aGroup,
    }),
    { selector: ({ id }) => id, minLength: 1, maxLength: 20 },
  );

interface Layout {
  columns: (typeof ROSTER_COLUMNS)[number][];
  delimiter: string;
  lineEnd: string;
  quotes: boolean;
  /** Where blank lines are. */
  blanks: number[];
}

const layouts: fc.Arbitrary<Layout> = fc.record({
  columns: fc.shuffledSubarray([...ROSTER_COLUMNS], { minLength: ROSTER_COLUMNS.length }),
  delimiter: fc.constantFrom(",", ";", "\t"),
  lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
  quotes: fc.boolean(),
  blanks: fc.array(fc.nat({ max: 20 }), { maxLength: 5 }),
});

/** As a spreadsheet would write it. */
function csv(students: readonly Row[], { columns, delimiter, lineEnd, quotes, blanks }: Layout) {
  const cell = (text: string) => (quotes || /[",;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const records = students.map((student) => columns.map((column) => cell(student[column])).join(delimiter));
  const lines = [columns.join(delimiter), ...records];
  for (const at of blanks)
    lines.splice(1 + (at % lines.length), 0, at % 2 === 0 ? "" : delimiter.repeat(columns.length - 1));
  return {
    text: lines.map((line) => `${line}${lineEnd}`).join(""),
    lineOf: (index: number) => lines.indexOf(records[index] ?? "") + 1,
  };
}

const expected = ({ id, name, email, ssh_public_key, group }: Row, line: number) => ({
  id,
  name: name === "" ? id : name,
  ...(email === "" ? {} : { email }),
  ...(ssh_public_key === "" ? {} : { sshPublicKey: ssh_public_key }),
  ...(group === "" ? {} : { group }),
  line,
});

describe("any roster", () => {
  it("comes back as it was written, with its lines, in every layout and encoding", () => {
    const encodings = fc.constantFrom("utf-8", "utf-8 with a mark", "utf-16le with a mark");
    fc.assert(
      fc.property(rows(aName), layouts, encodings, (students, layout, encoding) => {
        const { text, lineOf } = csv(students, layout);
        const [name = "", mark] = encoding.split(" with ");
        const roster = parseRoster(iconv.encode(text, name, { addBOM: mark !== undefined }));
        expect(roster).toMatchObject({
          ok: true,
          students: students.map((each, index) => expected(each, lineOf(index))),
        });
      }),
    );
  });

  it("of a Korean Excel comes back too", () => {
    fc.assert(
      fc.property(
        rows(aKoreanName.filter((name) => iconv.encode(name, "euc-kr").every((byte) => byte >= 0xa1))),
        layouts,
        (students, layout) => {
          const ascii = students.map((each) => ({ ...each, email: "", group: "" }));
          const { text, lineOf } = csv(ascii, layout);
          const bytes = iconv.encode(text, "cp949");
          // A few names are right as UTF-8 too, where they say something else: 채채 and ää are the same bytes.
          fc.pre(!isUtf8(bytes));
          const roster = parseRoster(bytes);
          expect(roster).toMatchObject({
            ok: true,
            students: ascii.map((each, index) => expected(each, lineOf(index))),
          });
          expect(roster.ok && roster.warnings[0]?.reason).toContain(ascii[0]?.name);
        },
      ),
    );
  });

  it("is read or refused, whatever its bytes are", () => {
    const header = Buffer.from("id,name,email,ssh_public_key,group\n");
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([header, bytes])),
      fc.string({ unit: "binary", maxLength: 300 }).map((text) => Buffer.from(`id,name\n${text}`)),
      fc
        .string({ unit: fc.constantFrom("a", "1", "-", ",", ";", "\n", "\r", '"', " ", "\t", "é", "\0") })
        .map((text) => Buffer.from(text)),
      fc
        .string({ unit: fc.constantFrom("a", "b", ",", "\n", "\r\n", '"') })
        .map((text) => Buffer.from(`id,name\n${text}`)),
    );
    fc.assert(
      fc.property(anything, (bytes) => {
        const roster = parseRoster(bytes);
        if (!roster.ok) {
          expect(roster.problems).not.toEqual([]);
          for (const { line, reason } of roster.problems) {
            expect(line).toBeGreaterThanOrEqual(1);
            // Nothing in a message acts on the terminal.
            expect(reason).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
          }
          return;
        }
        expect(new Set(roster.students.map(({ id }) => id)).size).toBe(roster.students.length);
        for (const { id, name } of roster.students) {
          expect(idProblems("id", id)).toEqual([]);
          expect(id).toMatch(/^[\x21-\x7e]+$/);
          expect(name).not.toMatch(/\p{Cc}/u);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("with an id twice, in any disguise, is refused with both lines", () => {
    const disguises = fc.constantFrom<(id: string) => string>(
      (id) => id,
      (id) => ` ${id}\u00a0`,
      (id) => id.toUpperCase(),
      (id) => id.replaceAll(/[a-z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)),
    );
    fc.assert(
      fc.property(fc.uniqueArray(anId, { minLength: 1, maxLength: 10 }), fc.nat(), disguises, (ids, at, disguise) => {
        const id = ids[at % ids.length] ?? "";
        const roster = parseRoster(Buffer.from(["id", ...ids, disguise(id), ""].join("\n")));
        const found = roster.ok ? [] : roster.problems.filter(({ line }) => line === ids.length + 2);
        expect(found.map(({ reason }) => reason).join()).toContain(`in line ${(at % ids.length) + 2}`);
      }),
    );
  });
});
