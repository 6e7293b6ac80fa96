import type { CourseStudent } from "../stacks/courseFolder.ts";
import { studentStackName } from "../course/stackNames.ts";
import type { StackState } from "../engine/stackStates.ts";
import { attempted } from "./attempted.ts";
import { classOperation, type OpenClass, studentOperation } from "./openClass.ts";
import { putRight } from "./putRight.ts";

/**
 * Puts right what an update left that was killed or failed, before a preview looks at it: otherwise the preview would call things new
 * that are there, and lost that never came up. A student for whom that fails is left out: it is kept why.
 *
 * @throws {UserError} when it fails for the class stack, which everybody needs
 */
export async function putRightInterrupted(open: OpenClass, students: readonly CourseStudent[]): Promise<void> {
  const { states, loaded, unreadable, pool } = open;
  const ofClass = classOperation(open);
  const isUnfinished = (stack: string) => {
    const state = states.get(stack);
    return state !== undefined && unfinished(state);
  };
  if (isUnfinished(ofClass.stack)) await putRight(open, { ...ofClass, action: "up" }, [], say);
  const interrupted = students.filter(({ id }) => isUnfinished(studentStackName(loaded.course.course, id)));
  await Promise.all(
    interrupted.map(async (student) => {
      if (pool.interrupted) return;
      const done = await attempted(async () =>
        putRight(open, { ...(await studentOperation(open, student)), action: "up" }, [], say),
      );
      if ("reason" in done) unreadable.set(studentStackName(loaded.course.course, student.id), done.reason);
    }),
  );
}

function say(line: string): void {
  console.error(line);
}

function unfinished({ pending, resources }: StackState): boolean {
  return pending.length > 0 || resources.some(({ initErrors }) => initErrors.length > 0);
}
