import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { type Selectable, type Selection, selectStudents, shardOf } from "../../course/selection.ts";
import type { CourseStudent, LoadedCourse } from "../../stacks/courseFolder.ts";
import { refuse } from "../../terminal/userError.ts";
import { wholeNumber } from "./wholeNumber.ts";

/** Which course, and which of its students. */
export interface CourseOptions {
  /** course.yaml, or its folder. @default "course.yaml" */
  course?: string | undefined;
  /** Ids and groups, separated by commas. @default everybody */
  students?: string | undefined;
  /** `2/4`: the second of four parts of the class. @default all of it */
  shard?: string | undefined;
  /** How many stacks are worked on at once. @default {@link PARALLEL} */
  parallel?: number | undefined;
}

/** Two operations a core: each is a process that waits for the cloud most of its time. At most eight, for the cloud's sake. */
export const PARALLEL = Math.min(8, Math.max(2, availableParallelism() * 2));

export const withCourse = (command: Command): Command =>
  command.option("--course <file>", "course document, or its folder", "course.yaml");

export const withStudents = (command: Command): Command =>
  withCourse(command).option("--students <ids>", "only these ids or groups, separated by commas");

/** For commands that work on many stacks. */
export const withClassOptions = (command: Command): Command =>
  withStudents(command)
    .option("--shard <part>", 'only one part of the class, "2/4": for several machines side by side')
    .option("--parallel <number>", "stacks worked on at once", wholeNumber(1, 999), PARALLEL);

export const withJson = (command: Command): Command =>
  command.option("--json", "one object for programs, also of a refusal: docs/json.md", false);

/**
 * The students that are meant, in the order of the roster.
 *
 * @throws {UserError} naming ids and groups that the roster does not have
 */
export function chosenStudents({ students }: LoadedCourse, options: CourseOptions): CourseStudent[] {
  return chosenOf(students, options);
}

/**
 * The same of those who may be there without a row, by id: who has left is in the part of the class where it was before.
 *
 * @throws {UserError} naming ids and groups that neither the roster has nor they
 */
export function chosenOf<T extends Selectable>(all: readonly T[], { students: named, shard }: CourseOptions): T[] {
  const ids = (selection: Selection<T>): Set<string> => {
    if (selection.ok) return new Set(selection.students.map(({ id }) => id));
    refuse(
      "nobody is chosen",
      selection.problems.map(({ path, reason }) => `${path}: ${reason}`),
    );
    return new Set();
  };
  const byName = named === undefined ? undefined : ids(selectStudents(all, named));
  const byShard = shard === undefined ? undefined : ids(shardOf(all, shard));
  return all.filter(({ id }) => byName?.has(id) !== false && byShard?.has(id) !== false);
}
