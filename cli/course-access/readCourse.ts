import { PROJECT } from "../../course/resourceTypes.ts";
import { classStackName, lockStackName, studentOfStack, studentStackName } from "../../course/stackNames.ts";
import { readEachStack, type StackState, type UnreadableStack } from "../../engine/stackStates.ts";
import { type LockFile, readLockFiles } from "../../engine/stateFolder.ts";
import { type Inventory, readInventory } from "../../openstack/inventory.ts";
import type { Session } from "../../openstack/session.ts";
import type { LoadedCourse } from "../../stacks/courseFolder.ts";
import { expectedObjects } from "../../stacks/expectedObjects.ts";
import { openForReading } from "./courseEngine.ts";

/** What Pulumi knows of a course at one moment; read without a lock, so an update that is running may be in the middle of it. */
export interface CourseState {
  /** By name of the stack. */
  states: Map<string, StackState>;
  unreadable: UnreadableStack[];
  /** Undefined where the place for state does not tell who is working. */
  locks: LockFile[] | undefined;
}

/** Whether a stack is of this course: the class's, a student's, or the one that is only a lock. */
export const isOfCourse = (course: string) => (stack: string) =>
  stack === classStackName(course) || studentOfStack(course, stack) !== undefined;

/** @throws {UserError} when it cannot even be told which stacks there are */
export async function readCourseState(loaded: Pick<LoadedCourse, "file" | "hidden" | "course">): Promise<CourseState> {
  const { course } = loaded.course;
  const settings = await openForReading(loaded);
  // Locks first: whoever takes one later changes nothing of what is read before.
  const locks = readLockFiles(settings, isOfCourse(course));
  const found = await readEachStack(settings, (stack) => isOfCourse(course)(stack) && stack !== lockStackName(course));
  return { ...found, locks };
}

/**
 * Students that have a stack, without those of the roster.
 *
 * @param unreadable stacks whose state is damaged, whose students are then told too. @default none
 */
export function formerStudents(
  { course, students }: Pick<LoadedCourse, "course" | "students">,
  { states, unreadable = [] }: Pick<CourseState, "states"> & Partial<Pick<CourseState, "unreadable">>,
): string[] {
  const enrolled = new Set(students.map(({ id }) => id));
  const stacks = [...states.keys(), ...unreadable.map(({ stack }) => stack)];
  return stacks.flatMap((stack) => {
    const id = studentOfStack(course.course, stack);
    return id === undefined || enrolled.has(id) ? [] : [id];
  });
}

/**
 * Everything in the cloud that is the course's, by one listing.
 *
 * @param only these students, without what the class shares. @default everybody
 * @param elsewhere as for {@link readInventory}
 */
export function readCourseCloud(
  session: Session,
  loaded: Pick<LoadedCourse, "course" | "students"> & Partial<Pick<LoadedCourse, "lab">>,
  { states }: Pick<CourseState, "states">,
  { only, elsewhere = true }: { only?: readonly string[] | undefined; elsewhere?: boolean } = {},
): Promise<Inventory> {
  const { course } = loaded.course;
  const ids = [...loaded.students.map(({ id }) => id), ...formerStudents(loaded, { states })];
  const projects = ids.flatMap((id) =>
    (states.get(studentStackName(course, id))?.resources ?? []).flatMap((resource) =>
      resource.type === PROJECT && resource.id !== "" ? [[resource.id, id] as const] : [],
    ),
  );
  return readInventory(session, {
    ...{ course, students: ids, projects: new Map(projects), elsewhere },
    ...(only === undefined ? {} : { only }),
    ...(loaded.lab === undefined ? {} : { expected: expectedObjects({ lab: loaded.lab }) }),
  });
}
