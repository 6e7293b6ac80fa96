import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import type { Course } from "../course/courseSchema.ts";
import { parseCourse } from "../course/parseCourse.ts";
import { MAX_ROSTER_BYTES, parseRoster, type RosterStudent } from "../course/roster.ts";
import type { Lab } from "../lab/labSchema.ts";
import { placedText } from "../lab/parseLab.ts";
import { assignSeats } from "../lab/seats.ts";
import { readLab } from "../labs/readLab.ts";
import { expandHome } from "../terminal/expandHome.ts";
import { UserError } from "../terminal/userError.ts";
import { mapValues } from "./mapValues.ts";

/** A row of the roster with what the student was given at first and keeps, whatever the roster says later. */
export interface CourseStudent extends RosterStudent {
  /** From which the student's own addresses follow. */
  seat: number;
  /**
   * The name on the student's pages: the one in the roster when the stack was made, or reset. Another one would be other user data, and
   * Nova would have to build the server anew.
   */
  pageName: string;
}

/** What a student's stack says that it was made with. */
export type Place = Pick<CourseStudent, "seat" | "pageName">;

/** course.yaml with its lab and roster, checked. */
export interface LoadedCourse {
  /** course.yaml */
  file: string;
  /** Absolute; everything of the course is in it. */
  folder: string;
  /** What is nobody's to edit: state, secrets, generated keys, logs. */
  hidden: string;
  course: Course;
  labFile: string;
  lab: Lab;
  /** In the order of the roster. */
  students: CourseStudent[];
  warnings: string[];
}

export interface LoadOptions {
  /** false for a question that is not about the students there are: there need be no roster. @default true */
  withRoster?: boolean;
}

/**
 * Reads a course with its lab and roster.
 *
 * @param path course.yaml, or its folder
 * @throws {UserError} which names every problem of the first of the three documents that has any
 */
export function loadCourse(path = "course.yaml", { withRoster = true }: LoadOptions = {}): LoadedCourse {
  const file = courseFile(path);
  const folder = dirname(file);
  const parsed = parseCourse(readFileSync(file, "utf8"));
  if (!parsed.ok) throw new UserError(`problems in the course document:\n${placedText(path, parsed.problems)}`);
  const { course } = parsed;
  const named = /[/\\.]/.test(course.lab) ? resolve(folder, expandHome(course.lab)) : course.lab;
  const { file: labFile, lab, warnings } = readLab(named, course.step, changesOf(course));
  const roster = resolve(folder, course.roster);
  const { students, warnings: more } = withRoster ? readRoster(roster) : { students: [], warnings: [] };
  const seats = assignSeats(
    readSeats(folder),
    students.map(({ id }) => id),
  );
  return {
    ...{ file, folder, hidden: hiddenFolder(folder), course, labFile, lab },
    students: seatedAt(students, seats, readPageNames(folder)),
    warnings: [...(warnings.length === 0 ? [] : [placedText(labFile, warnings)]), ...more],
  };
}

/**
 * The same course with the seats and page names that the students' stacks have: another teacher may have given them out. Who has a stack
 * keeps both whatever this folder says; who has none gets a seat that nobody has, and the roster's name.
 */
export function withPlacesOf(loaded: LoadedCourse, known: Readonly<Record<string, Place>>): LoadedCourse {
  const given = mapValues(known, (_id, { seat }) => seat);
  const taken = new Set(Object.values(given));
  const own = Object.entries(readSeats(loaded.folder)).filter(([, seat]) => !taken.has(seat));
  const seats = assignSeats(
    { ...Object.fromEntries(own), ...given },
    loaded.students.map(({ id }) => id),
  );
  const names = mapValues(known, (_id, { pageName }) => pageName);
  return { ...loaded, students: seatedAt(loaded.students, seats, names) };
}

function seatedAt(
  students: readonly RosterStudent[],
  seats: Readonly<Record<string, number>>,
  pageNames: Readonly<Record<string, string>>,
): CourseStudent[] {
  return students.map((student) => ({
    ...student,
    ...{ seat: seats[student.id] ?? 0, pageName: pageNames[student.id] ?? student.name },
  }));
}

/** Where everything of a course is that is nobody's to edit. */
export const hiddenFolder = (folder: string) => join(folder, ".classroom");
export const seatsFile = (folder: string) => join(hiddenFolder(folder), "seats.json");
export const pageNamesFile = (folder: string) => join(hiddenFolder(folder), "page-names.json");

/**
 * The course document that is meant.
 *
 * @param path course.yaml, or its folder
 * @throws {UserError} when there is none
 */
export function courseFile(path: string): string {
  const file = resolve(expandHome(path));
  const inside = join(file, "course.yaml");
  const found = statSync(file, { throwIfNoEntry: false })?.isDirectory() === true ? inside : file;
  if (statSync(found, { throwIfNoEntry: false })?.isFile() === true) return found;
  throw new UserError(`there is no ${found}; make one with: classroom init`);
}

/** The tenancy that the course asks for is a change to the lab like any other; null takes the project away. */
function changesOf({ changes, tenancy }: Course): object {
  if (tenancy === undefined) return changes;
  const { student, ...others } = studentChanges.parse(changes);
  return { ...others, student: { ...student, project: tenancy === "shared" ? null : (student["project"] ?? {}) } };
}

const studentChanges = z.looseObject({ student: z.record(z.string(), z.unknown()).default({}) });

function readRoster(file: string): { students: RosterStudent[]; warnings: string[] } {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat?.isFile() !== true)
    throw new UserError(`there is no roster ${file}; write one with the columns id,name,email,ssh_public_key,group`);
  if (stat.size > MAX_ROSTER_BYTES)
    throw new UserError(`${file} has ${stat.size} bytes; a roster has at most ${MAX_ROSTER_BYTES}`);
  const parsed = parseRoster(readFileSync(file));
  const lines = (problems: readonly { line: number; column?: string; reason: string }[]) =>
    problems.map(({ line, column, reason }) => `${file}:${line}: ${column === undefined ? "" : `${column} `}${reason}`);
  if (!parsed.ok) throw new UserError(`problems in the roster:\n${lines(parsed.problems).join("\n")}`);
  return { students: parsed.students, warnings: lines(parsed.warnings) };
}

const seatsSchema = z.record(z.string(), z.int().min(0));

/**
 * Who sits where, as this folder has it.
 *
 * @throws {UserError} when what it has is damaged
 */
export function readSeats(folder: string): Record<string, number> {
  const file = seatsFile(folder);
  if (!existsSync(file)) return {};
  try {
    return seatsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new UserError(
      `${file} is damaged; it says which addresses belong to whom. Restore it from a copy, or write { "<student id>": <seat>, … } by hand`,
    );
  }
}

const pageNamesSchema = z.record(z.string(), z.string());

/** Nothing but a copy of what the states say: one that cannot be read is as good as none. */
function readPageNames(folder: string): Record<string, string> {
  try {
    return pageNamesSchema.parse(JSON.parse(readFileSync(pageNamesFile(folder), "utf8")));
  } catch {
    return {};
  }
}
