import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";
import { quoted } from "./quoted.ts";
import type { RosterProblem } from "./rosterProblem.ts";

/** One record of the file. */
export interface RosterRow {
  /** Where it begins, from 1: a field in quotation marks may go over several lines. */
  line: number;
  /** Without blanks around them. */
  cells: string[];
}

const Record = z.array(z.string());

/** Comma; Excel writes semicolons where the comma is the decimal sign, and tabs as "Unicode Text". */
const DELIMITERS = [",", ";", "\t"];

/** Spreadsheets leave blank lines behind, so more than there can be students; and no field that is right is so long. */
const MOST_LINES = 20_000;
const LONGEST_LINE = 16_384;

/** What makes it another file than a roster, seen before it is taken apart. */
export function shapeProblem(text: string): RosterProblem | undefined {
  const lines = text.split("\n");
  if (lines.length > MOST_LINES)
    return {
      line: MOST_LINES + 1,
      reason: `a roster has at most ${MOST_LINES} lines, blank ones included; this is another file`,
    };
  const long = lines.findIndex(({ length }) => length > LONGEST_LINE);
  const reason = `has ${lines[long]?.length ?? 0} characters, and no line of a roster needs more than ${LONGEST_LINE}; this is another file`;
  return long < 0 ? undefined : { line: long + 1, reason };
}

/** Records up to the first mistake in quotation marks, after which nothing is certain. Blank ones are left out. */
export function rosterRows(
  text: string,
  most: number,
): { rows: RosterRow[]; delimiter: string; problems: RosterProblem[] } {
  const delimiter = delimiterOf(text);
  const rows: RosterRow[] = [];
  let end = 0;
  try {
    parse(text, {
      delimiter,
      record_delimiter: "\n",
      relax_column_count: true,
      trim: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      to: most,
      on_record: (record, { lines }) => {
        end = lines;
        const cells = Record.parse(record);
        const breaks = cells.join("").split("\n").length - 1;
        rows.push({ line: lines - breaks, cells: cells.map((cell) => cell.trim()) });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { rows, delimiter, problems: [quotesProblem(error, end)] };
  }
  return { rows, delimiter, problems: [] };
}

/** The one that the first line with something in it has most often. */
function delimiterOf(text: string): string {
  const first = /^.*\S.*$/m.exec(text.slice(0, 10_000))?.[0] ?? "";
  const count = (delimiter: string) => first.split(delimiter).length;
  return DELIMITERS.toSorted((a, b) => count(b) - count(a))[0] ?? ",";
}

/** @param end line where the last good record ended */
function quotesProblem({ code, lines }: CsvError, end: number): RosterProblem {
  const inside = 'write a quotation mark inside of a field as "", and the field itself in quotation marks';
  if (code === "CSV_QUOTE_NOT_CLOSED")
    return {
      line: end + 1,
      reason: `from here on, a quotation mark (") is opened and never closed; close it, or ${inside}`,
    };
  const line = typeof lines === "number" ? lines : end + 1;
  return { line, reason: `has a quotation mark (") in the middle of a field; ${inside}: "Kim ""Minji"" Lee"` };
}

/** For people: a tab is not to be seen. */
export function delimiterText(delimiter: string): string {
  return delimiter === "\t" ? "a tab" : delimiter === "," ? "a comma" : quoted(delimiter);
}
