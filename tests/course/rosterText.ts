import { expect } from "vitest";
import { parseRoster, type RosterStudent } from "../../course/roster.ts";
import { type RosterProblem, rosterProblemText } from "../../course/rosterProblem.ts";

/** What is wrong with a roster: `2 id: …`. */
export function told(text: string): string[] {
  const roster = parseRoster(Buffer.from(text));
  const problems = roster.ok ? [] : roster.problems;
  return problems.map(({ line, column = "", reason }) => `${line} ${column}: ${reason}`);
}

/** Of a roster that is right. */
export function students(text: string): RosterStudent[] {
  const roster = parseRoster(Buffer.from(text));
  if (!roster.ok) throw new Error(rosterProblemText("roster.csv", roster.problems));
  return roster.students;
}

export function warnings(text: string): RosterProblem[] {
  const roster = parseRoster(Buffer.from(text));
  return roster.ok ? roster.warnings : [];
}

export const reasonOf = (text: string): unknown => expect.stringContaining(text);
