import type { CourseStudent } from "../../stacks/courseFolder.ts";
import { classStackName, studentStackName } from "../../course/stackNames.ts";
import type { StackState } from "../../engine/stackStates.ts";
import { attempted } from "../open-class/attempted.ts";
import { classOperation, type OpenClass, studentOperation } from "../open-class/openClass.ts";
import { putRight } from "./putRight.ts";

/**
 * Puts right what an update left that was killed or failed, before a preview looks at it: otherwise the preview would call things new
 * that are there, and lost that never came up. Only the state is written: what never came up is still to be deleted. A student for whom that
 * fails is left out: it is kept why.
 *
 * @param later takes the ids of instances that never came up
 * @throws {UserError} when it fails for the class stack, which everybody needs
 */
export async function putRightInterrupted(
  open: OpenClass,
  students: readonly CourseStudent[],
  later: Set<string>,
): Promise<void> {
  const { loaded, unreadable, pool } = open;
  const ofClass = classOperation(open);
  const stacks = interruptedStacks(open, students);
  if (stacks.includes(ofClass.stack)) await putRight(open, { ...ofClass, action: "up" }, [], say, later);
  const interrupted = students.filter(({ id }) => stacks.includes(studentStackName(loaded.course.course, id)));
  await Promise.all(
    interrupted.map(async (student) => {
      if (pool.interrupted) return;
      const done = await attempted(async () =>
        putRight(open, { ...(await studentOperation(open, student)), action: "up" }, [], say, later),
      );
      if ("reason" in done) unreadable.set(studentStackName(loaded.course.course, student.id), done.reason);
    }),
  );
}

function say(line: string): void {
  console.error(line);
}

/** Stacks of the class and of these students that an update left unfinished. */
export function interruptedStacks(
  { loaded, states }: Pick<OpenClass, "loaded" | "states">,
  students: readonly CourseStudent[],
): string[] {
  const { course } = loaded.course;
  const stacks = [classStackName(course), ...students.map(({ id }) => studentStackName(course, id))];
  return stacks.filter((stack) => {
    const state = states.get(stack);
    return state !== undefined && unfinished(state);
  });
}

function unfinished({ pending, resources }: StackState): boolean {
  return pending.length > 0 || resources.some(({ initErrors }) => initErrors.length > 0);
}
