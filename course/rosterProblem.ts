/** One thing wrong with a roster, or to be looked at. */
export interface RosterProblem {
  /** In the file, from 1. */
  line: number;
  /** As the header calls it; absent where the whole line is meant. */
  column?: string;
  /** The value, the rule it breaks and the fix. */
  reason: string;
}

/** More lines than this nobody reads; when these are mended, the rest is told. */
const MOST_TOLD = 30;

/** `roster.csv:3 id: …`, a line for each, and how many more there are. */
export function rosterProblemText(file: string, problems: readonly RosterProblem[]): string {
  const told = problems
    .slice(0, MOST_TOLD)
    .map(({ line, column, reason }) => `${file}:${line} ${column === undefined ? "" : `${column}: `}${reason}`);
  const more = problems.length - told.length;
  return [...told, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
}
