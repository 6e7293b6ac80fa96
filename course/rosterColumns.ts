import { didYouMean } from "../lab/didYouMean.ts";
import { quoted } from "./quoted.ts";
import type { RosterProblem } from "./rosterProblem.ts";
import type { RosterRow } from "./rosterRows.ts";

/** What a roster can have; only `id` must be there. */
export const ROSTER_COLUMNS = ["id", "name", "email", "ssh_public_key", "group"] as const;
export type RosterColumn = (typeof ROSTER_COLUMNS)[number];

/** Which field of a record is which column. */
export type ColumnIndexes = Map<RosterColumn, number>;

/** Reads the header. `E-Mail` and `SSH public key` are understood too; what is not a column is refused, because it may be one misspelt. */
export function rosterColumns(
  header: RosterRow,
  rows: readonly RosterRow[],
): { indexes: ColumnIndexes; problems: RosterProblem[] } {
  const indexes: ColumnIndexes = new Map();
  const problems: RosterProblem[] = [];
  const problem = (reason: string) => problems.push({ line: header.line, reason });
  const list = `there are ${ROSTER_COLUMNS.join(", ")}`;
  header.cells.forEach((cell, index) => {
    const column = ROSTER_COLUMNS.find((each) => simplified(each) === simplified(cell));
    if (column !== undefined && indexes.has(column))
      problem(`has the column ${column} twice, as field ${(indexes.get(column) ?? 0) + 1} and ${index + 1}; keep one`);
    else if (column !== undefined) indexes.set(column, index);
    else if (cell !== "")
      problem(`${quoted(cell)} is not a column of a roster${didYouMean(cell, ROSTER_COLUMNS)} (${list})`);
    // Spreadsheets leave columns behind in which nothing stands.
    else if (rows.some(({ cells }) => (cells[index] ?? "") !== ""))
      problem(`field ${index + 1} has no name here, but there is something in it further down (${list})`);
  });
  if (indexes.size === 0)
    return {
      indexes,
      problems: [
        {
          line: header.line,
          reason: `names no column of a roster; the first line must, e.g. ${ROSTER_COLUMNS.join(",")}`,
        },
      ],
    };
  if (!indexes.has("id"))
    problem(`has no column "id"; the first line names the columns, e.g. ${ROSTER_COLUMNS.join(",")}`);
  return { indexes, problems };
}

const simplified = (name: string) => name.toLowerCase().replaceAll(/[\s_-]/g, "");
