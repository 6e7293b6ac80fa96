import { studentOfStack, studentStackName } from "../../course/stackNames.ts";
import { describeObject } from "../../openstack/cloudObject.ts";
import { loadCourse } from "../../stacks/courseFolder.ts";
import { type DestroyOutcome, strangersOf } from "../class-work/destroyStudents.ts";
import { chosenStudents, type CourseOptions } from "../command-line/sharedOptions.ts";
import { formerStudents, readCourseCloud } from "../course-access/readCourse.ts";
import { type OpenClass, openClass } from "../open-class/openClass.ts";
import { type Lost, lostStacks } from "../recovery/recoverLostStacks.ts";

/** What `classroom destroy --dry-run --json` prints. */
export interface DestroyPlan {
  course: string;
  /** Whose stacks are destroyed; nothing of others is touched. */
  students: string[];
  /** Those of them, and the class stack, whose state is lost: what is in the cloud is taken over first. */
  lost: string[];
  /** Whether the class stack goes, too. */
  classStack: boolean;
  /** What students made by hand: it goes with `--purge`, and without keeps its student from being destroyed, and so the class. */
  byHand: { student: string; things: string[] }[];
  /** Whose state cannot be read, and why. */
  unreadable: { student: string; errors: string[] }[];
  /** What could not be looked at. */
  notSeen: string[];
}

/** Which students go: those chosen who have a stack, or something in the cloud without one; without a choice also those who have left. */
export async function whoGoes(
  open: OpenClass,
  options: CourseOptions,
): Promise<{ all: boolean; students: string[]; lost: Lost }> {
  const { loaded, states } = open;
  const { course } = loaded.course;
  const all = isForAll(options);
  const chosen = chosenStudents(loaded, options);
  const { students, ofClass } = await lostStacks(open, chosen);
  const lost = { students, ofClass: ofClass && (all || students.length > 0) };
  const ids = [...chosen.map(({ id }) => id), ...(all ? formerStudents(loaded, { states }) : [])];
  const isThere = (id: string) => states.has(studentStackName(course, id)) || students.some((each) => each.id === id);
  return { all, students: ids.filter(isThere), lost };
}

const isForAll = ({ students, shard }: CourseOptions) => students === undefined && shard === undefined;

/** What cannot be read cannot be destroyed, and is not nothing. */
export function unreadableStudents({ loaded, unreadable }: OpenClass, options: CourseOptions): DestroyOutcome[] {
  const chosen = chosenStudents(loaded, options).map(({ id }) => id);
  return Array.from(unreadable, ([stack, reason]) => ({
    ...{ student: studentOfStack(loaded.course.course, stack) ?? stack, ok: false },
    errors: [reason],
  })).filter(({ student }) => isForAll(options) || chosen.includes(student));
}

/** What `classroom destroy` would do; changes nothing, and takes no lock. */
export async function planDestroy(options: CourseOptions & { purge?: boolean }): Promise<DestroyPlan> {
  const loaded = loadCourse(options.course);
  const { course } = loaded.course;
  return openClass(loaded, { parallel: options.parallel, readOnly: true, onlyDestroys: true }, async (open) => {
    const { all, students, lost } = await whoGoes(open, options);
    // Of a lost state nobody can tell what was made by hand.
    const known = students.filter((id) => open.states.has(studentStackName(course, id)));
    const inventory = await readCourseCloud(open.cloud.session, loaded, open, { only: known });
    const byHand = known
      .map((student) => ({ student, things: strangersOf(open, inventory, student).map(describeObject) }))
      .filter(({ things }) => things.length > 0);
    const unreadable = unreadableStudents(open, options).map(({ student, errors }) => ({ student, errors }));
    const isKept = byHand.length > 0 && options.purge !== true;
    return {
      ...{ course, students, byHand, unreadable, classStack: all && !isKept && unreadable.length === 0 },
      lost: [...(lost.ofClass ? [course] : []), ...lost.students.map(({ id }) => studentStackName(course, id))],
      notSeen: inventory.gaps.map(({ service, what }) => `${service}: ${what}`),
    };
  });
}

export function planText({ course, students, lost, classStack, byHand, unreadable, notSeen }: DestroyPlan): string {
  return [
    `to be destroyed for good: ${students.length === 0 ? "nobody" : students.join(", ")}${classStack ? `, and what the class ${course} shares` : ""}`,
    ...(lost.length === 0 ? [] : [`its state is lost, what is in the cloud is taken over first: ${lost.join(", ")}`]),
    ...byHand.flatMap(({ student, things }) => [
      `${student} has made things by hand, which go only with --purge, and nothing of ${student} without them:`,
      ...things.map((each) => `  ${each}`),
    ]),
    ...unreadable.flatMap(({ student, errors }) => [
      `${student} cannot be destroyed:`,
      ...errors.map((each) => `  ${each}`),
    ]),
    ...notSeen.map((each) => `Could not be looked at: ${each}`),
    "Nothing was changed.",
  ].join("\n");
}
