import { createHash } from "node:crypto";
import { didYouMean } from "../lab/didYouMean.ts";
import type { Problem } from "../lab/problem.ts";
import { quoted } from "./quoted.ts";
import type { RosterStudent } from "./roster.ts";

/** Of the roster, or of the stacks: a former student has no row any more. */
export type Selectable = Pick<RosterStudent, "id" | "group">;

export type Selection<T> = { ok: true; students: T[] } | { ok: false; problems: Problem[] };

/** More shards than this are not started for one class. */
const MOST_SHARDS = 1000;

/**
 * The students that `--students` names, by ids and groups separated by commas: `kim,lee` or `monday,park`. Each once, in the order of the
 * roster.
 */
export function selectStudents<T extends Selectable>(students: readonly T[], text: string): Selection<T> {
  const wanted = text
    .split(",")
    .map((each) => each.trim().normalize("NFC"))
    .filter((each) => each !== "");
  const ids = students.map(({ id }) => id);
  const groups = [...new Set(students.flatMap(({ group }) => group ?? []))];
  const known = new Set([...ids, ...groups]);
  const problems = wanted
    .filter((each) => !known.has(each))
    .map((each) => ({
      path: "--students",
      reason: `there is no student and no group ${quoted(each)}${didYouMean(each, [...known])}${groupList(groups)}`,
    }));
  if (wanted.length === 0)
    problems.push({ path: "--students", reason: 'names nobody; write ids or groups, separated by commas: "kim,lee"' });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, students: students.filter(({ id, group = id }) => wanted.includes(id) || wanted.includes(group)) };
}

function groupList(groups: readonly string[]): string {
  return groups.length === 0 ? " (the roster has no groups)" : ` (the groups are ${groups.join(", ")})`;
}

/**
 * One of n parts of a class, `2/4`, for n machines that work side by side. Which part a student is in depends on the id and on n alone, so
 * that nobody moves when others join. A part may be empty.
 */
export function shardOf<T extends Selectable>(students: readonly T[], text: string): Selection<T> {
  const [, part, parts] = /^\s*(\d{1,6})\s*\/\s*(\d{1,6})\s*$/.exec(text)?.map(Number) ?? [];
  const valid = part !== undefined && parts !== undefined && part >= 1 && part <= parts && parts <= MOST_SHARDS;
  if (!valid) {
    const reason = `${quoted(text)} is not a part of the class; write one like "2/4": the second of four, at most ${MOST_SHARDS}`;
    return { ok: false, problems: [{ path: "--shard", reason }] };
  }
  return { ok: true, students: students.filter(({ id }) => hashOf(id) % parts === part - 1) };
}

/** Spreads ids evenly. */
function hashOf(id: string): number {
  return createHash("sha256").update(id).digest().readUInt32BE(0);
}
