import { hasPrivateKey } from "../lab/publicKey.ts";
import { duplicateIds, ambiguousGroups, likelySlips } from "./rosterClashes.ts";
import { type ColumnIndexes, type RosterColumn, rosterColumns } from "./rosterColumns.ts";
import { decodeRoster } from "./rosterEncoding.ts";
import type { RosterProblem } from "./rosterProblem.ts";
import { delimiterText, type RosterRow, rosterRows, shapeProblem } from "./rosterRows.ts";
import { fieldReason } from "./rosterRules.ts";

/** One student of the class. */
export interface RosterStudent {
  /** The key for ever: part of every name. Everything else is a label that may change. */
  id: string;
  /** As it is shown. Where the roster gives none, the id. */
  name: string;
  email?: string;
  /** One line in OpenSSH's format. */
  sshPublicKey?: string;
  /** For choosing a part of the class. */
  group?: string;
  /** Where the student stands in the file, from 1. */
  line: number;
}

export type Roster =
  { ok: true; students: RosterStudent[]; warnings: RosterProblem[] } | { ok: false; problems: RosterProblem[] };

/** Most students of one course: as many as there are VNC ports beside each other on a host. */
export const MOST_STUDENTS = 1000;

/** Largest roster, in bytes: 2 KiB for each student. A larger file is another file; ask for its size before reading it. */
export const MAX_ROSTER_BYTES = MOST_STUDENTS * 2048;

const EXAMPLE = "id,name,email,ssh_public_key,group";

/** Reads a roster. Never throws: everything that is wrong is told at once, with its line. */
export function parseRoster(bytes: Uint8Array): Roster {
  if (bytes.length > MAX_ROSTER_BYTES) return refused(1, sizeReason(bytes.length));
  const decoded = decodeRoster(bytes);
  if (!decoded.ok) return decoded;
  // Nothing is quoted from a file with a private key in it, whatever else is wrong.
  const text = decoded.text.replaceAll(/\r\n?/g, "\n");
  const secrets = privateKeyProblems(text);
  if (secrets.length > 0) return { ok: false, problems: secrets };
  const shape = shapeProblem(text);
  if (shape !== undefined) return { ok: false, problems: [shape] };
  const {
    rows: [header, ...rows],
    delimiter,
    problems: unread,
  } = rosterRows(text, MOST_STUDENTS + 2);
  if (header === undefined && unread.length === 0)
    return refused(1, `is empty; a roster begins with the names of its columns: ${EXAMPLE}`);
  if (header === undefined) return { ok: false, problems: unread };
  const columns = rosterColumns(header, rows);
  if (!columns.indexes.has("id")) return { ok: false, problems: [...columns.problems, ...unread] };
  if (rows.length === 0 && unread.length + columns.problems.length === 0)
    return refused(header.line, "has a header only; write a line for each student below it");
  const tooMany = rows[MOST_STUDENTS];
  if (tooMany !== undefined)
    return refused(
      tooMany.line,
      `is one more than the ${MOST_STUDENTS} students that a course can have; make several courses of it`,
    );
  const problems = [
    ...columns.problems,
    ...unread,
    ...rows.flatMap((row) => rowProblems(header, columns.indexes, delimiter, row)),
    ...duplicateIds(rows.map((row) => ({ id: field(columns.indexes, row, "id"), line: row.line }))),
  ];
  const students = rows.map((row) => studentOf(columns.indexes, row));
  const all = problems.length > 0 ? problems : ambiguousGroups(students);
  if (all.length > 0) return { ok: false, problems: all.toSorted((a, b) => a.line - b.line) };
  return { ok: true, students, warnings: [...decoded.warnings, ...likelySlips(students)] };
}

/** Why a roster of so many bytes is not even read. */
export function sizeReason(bytes: number): string {
  return `has ${bytes} bytes; a roster has at most ${MAX_ROSTER_BYTES}, so this is another file`;
}

const refused = (line: number, reason: string): Roster => ({ ok: false, problems: [{ line, reason }] });

function privateKeyProblems(text: string): RosterProblem[] {
  if (!hasPrivateKey(text)) return [];
  const reason =
    "has a private key in it; a roster takes public keys only, from the file that ends in .pub. The private key is no longer secret: make a new pair";
  return text.split("\n").flatMap((line, index) => (hasPrivateKey(line) ? [{ line: index + 1, reason }] : []));
}

/** With too many or too few fields, it is not known which is which. */
function rowProblems(header: RosterRow, indexes: ColumnIndexes, delimiter: string, row: RosterRow): RosterProblem[] {
  const { line, cells } = row;
  const [have, need] = [cells.length, header.cells.length];
  if (have < need || cells.slice(need).some((cell) => cell !== "")) {
    const hint =
      have < need
        ? "write the separator for an empty field too"
        : "put a field that has the separator in it in quotation marks";
    const fields = `${have} ${have === 1 ? "field" : "fields"}`;
    return [
      { line, reason: `has ${fields} where the header has ${need}, separated by ${delimiterText(delimiter)}; ${hint}` },
    ];
  }
  return [...indexes.keys()].flatMap((column): RosterProblem[] => {
    const reason = fieldReason(column, field(indexes, row, column));
    return reason === undefined ? [] : [{ line, column, reason }];
  });
}

function field(indexes: ColumnIndexes, { cells }: RosterRow, column: RosterColumn): string {
  const index = indexes.get(column);
  return index === undefined ? "" : (cells[index] ?? "");
}

/** Labels are kept in one form of Unicode: a file from macOS writes the same name otherwise. */
function studentOf(indexes: ColumnIndexes, row: RosterRow): RosterStudent {
  const label = (column: RosterColumn) => field(indexes, row, column).normalize("NFC");
  const id = field(indexes, row, "id");
  const [email, group, sshPublicKey] = [label("email"), label("group"), field(indexes, row, "ssh_public_key")];
  return {
    id,
    name: label("name") || id,
    ...(email === "" ? {} : { email }),
    ...(sshPublicKey === "" ? {} : { sshPublicKey }),
    ...(group === "" ? {} : { group }),
    line: row.line,
  };
}
