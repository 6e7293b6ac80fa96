import { styleText } from "node:util";
import Table from "cli-table3";

const none = { top: "", "top-mid": "", "top-left": "", "top-right": "", mid: "", "mid-mid": "" } as const;
const ends = { bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "", left: "", right: "" } as const;
const gap = { "left-mid": "", "right-mid": "", middle: "   " } as const;

/**
 * Columns without lines, for people and for `grep`.
 *
 * @param numbers which columns stand to the right, from 0
 */
export function columns(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly number[] = [],
): string {
  const table = new Table({
    head: [...head],
    chars: { ...none, ...ends, ...gap },
    colAligns: head.map((_, index) => (numbers.includes(index) ? "right" : "left")),
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** "1 network", "2 networks". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Bold on a terminal, as it is elsewhere. */
export const bold = (text: string): string => styleText("bold", text, { stream: process.stdout });
