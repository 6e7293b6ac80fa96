import type { StackToPutRight } from "../../course/changeWords.ts";
import { classStackName, studentStackName } from "../../course/stackNames.ts";
import type { CourseStudent } from "../../stacks/courseFolder.ts";
import type { OpenClass } from "../open-class/openClass.ts";
import { interruptedStacks } from "./putRightInterrupted.ts";
import { lostStacks } from "./recoverLostStacks.ts";

/** Of the class and these students; only reads. */
export async function stacksToPutRight(
  open: OpenClass,
  students: readonly CourseStudent[],
): Promise<StackToPutRight[]> {
  const { course } = open.loaded.course;
  const lost = await lostStacks(open, students);
  const stacks = [
    ...(lost.ofClass ? [classStackName(course)] : []),
    ...lost.students.map(({ id }) => studentStackName(course, id)),
  ];
  return [
    ...interruptedStacks(open, students).map((stack) => ({ stack, why: "interrupted" }) as const),
    ...stacks.map((stack) => ({ stack, why: "lost" }) as const),
  ];
}
