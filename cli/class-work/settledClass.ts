import { classStackName, studentStackName } from "../../course/stackNames.ts";
import { readEachStack, stacksFolder } from "../../engine/stackStates.ts";
import { openCourse } from "../../stacks/courseCloud.ts";
import { type CourseStudent, type LoadedCourse, withPlacesOf } from "../../stacks/courseFolder.ts";
import { readCourseState } from "../course-access/readCourse.ts";
import { type OpenClass, placesIn } from "../open-class/openClass.ts";
import { type ClassPreview, unchangedPreview } from "../open-class/previewClass.ts";
import { type StudentOutcome, unchangedOutcome } from "./applyStudents.ts";
import type { SettledStacks } from "./settledStacks.ts";

/**
 * What an update comes to where nothing is to be done for anybody – told without an engine, and without the lock, because nothing is
 * written. Undefined when something may be to be done.
 */
export async function settledClass(
  loaded: LoadedCourse,
  students: readonly CourseStudent[],
  memory: SettledStacks,
): Promise<{ preview: ClassPreview; students: StudentOutcome[] } | undefined> {
  const { course } = loaded.course;
  const stacks = [classStackName(course), ...students.map(({ id }) => studentStackName(course, id))];
  if (!memory.mayInclude(stacks)) return undefined;
  const { states, unreadable } = await readCourseState(loaded);
  if (unreadable.length > 0 || !stacks.every((stack) => states.has(stack))) return undefined;
  const seated = withPlacesOf(loaded, placesIn(states));
  const open = { loaded: seated, cloud: await openCourse(seated), states };
  const settled = await memory.among(open, students);
  if (!stacks.every((stack) => settled.has(stack))) return undefined;
  return {
    preview: unchangedPreview(open, students),
    students: students.map((student) => unchangedOutcome(student, states.get(studentStackName(course, student.id)))),
  };
}

/**
 * The class and these students were just found, or made, as they should be.
 *
 * @param unchanged those of them whose state is as it was read
 */
export async function keepSettled(
  open: OpenClass,
  memory: SettledStacks,
  students: readonly CourseStudent[],
  unchanged: readonly string[],
): Promise<void> {
  const { course } = open.loaded.course;
  const stacks = new Set([classStackName(course), ...students.map(({ id }) => studentStackName(course, id))]);
  const isFolder = stacksFolder(open.settings) !== undefined;
  // Elsewhere each reading costs a process; the next look then finds those that changed.
  const { states } = isFolder ? await readEachStack(open.settings, (stack) => stacks.has(stack)) : open;
  const known = students.filter(({ id }) => isFolder || unchanged.includes(id));
  for (const student of [...(isFolder ? [undefined] : []), ...known]) memory.remember({ ...open, states }, student);
  memory.save();
}
