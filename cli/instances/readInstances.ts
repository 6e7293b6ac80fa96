import { studentStackName } from "../../course/stackNames.ts";
import { type StackState, readEachStack } from "../../engine/stackStates.ts";
import { didYouMean } from "../../lab/didYouMean.ts";
import type { LoadedCourse } from "../../stacks/courseFolder.ts";
import { UserError } from "../../terminal/userError.ts";
import { openForReading } from "../course-access/courseEngine.ts";
import { type StudentInstance, studentInstances } from "./studentInstances.ts";

/**
 * The instances of these students by id, as their stacks' states have them; a student without a stack is left out.
 *
 * @throws {UserError} when one of the states cannot be read
 */
export async function readInstances(
  loaded: LoadedCourse,
  students: readonly string[],
): Promise<Map<string, StudentInstance[]>> {
  const { course } = loaded.course;
  const stacks = new Set(students.map((id) => studentStackName(course, id)));
  const { states, unreadable } = await readEachStack(await openForReading(loaded), (stack) => stacks.has(stack));
  if (unreadable.length > 0) throw new UserError(unreadable.map(({ reason }) => reason).join("\n"));
  return new Map(
    students.flatMap((id) => {
      const state = states.get(studentStackName(course, id));
      return state === undefined ? [] : [[id, instancesOf(course, id, state)] as const];
    }),
  );
}

const instancesOf = (course: string, id: string, state: StackState) => studentInstances(id, `${course}-${id}`, state);

/**
 * The instances of one student, who may have left the roster as long as the stack is there.
 *
 * @throws {UserError} when nobody has this id, or nothing was made yet
 */
export async function readStudentsInstances(loaded: LoadedCourse, id: string): Promise<StudentInstance[]> {
  const instances = (await readInstances(loaded, [id])).get(id);
  if (instances !== undefined) return instances;
  const ids = loaded.students.map((student) => student.id);
  if (!ids.includes(id)) throw unknownStudent(id, ids);
  throw notUpYet(id);
}

export function unknownStudent(id: string, ids: readonly string[]): UserError {
  return new UserError(`there is no student "${id}" in the roster${didYouMean(id, ids)}`);
}

export function notUpYet(id: string): UserError {
  return new UserError(`${id} is not up yet: there is no stack; make it with: classroom up --students ${id}`);
}
