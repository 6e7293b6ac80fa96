import { z } from "zod";
import { changesNothing } from "../../course/plannedStep.ts";
import { classStackName, studentStackName } from "../../course/stackNames.ts";
import type { Operation } from "../../engine/operation.ts";
import { initStack, makeEmptyStack } from "../../engine/newStack.ts";
import { readStacks } from "../../engine/stackStates.ts";
import { planStudent } from "../../lab/studentPlan.ts";
import { readStudentsThere } from "../../openstack/studentsThere.ts";
import type { CourseStudent } from "../../stacks/courseFolder.ts";
import { attempted } from "../open-class/attempted.ts";
import { classOperation, type OpenClass, studentOperation } from "../open-class/openClass.ts";
import { CLASS_STACK, titleOf } from "../open-class/previewClass.ts";
import { type StackWork, workOnStacks } from "../open-class/stackWork.ts";
import { putRight } from "./putRight.ts";

/** Of whom there is something in the cloud, but no stack. */
export interface Lost {
  students: CourseStudent[];
  /** Whether the class's own is. */
  ofClass: boolean;
}

/** The class, and those of these students, whose state was lost; only reads. */
export async function lostStacks(open: OpenClass, students: readonly CourseStudent[]): Promise<Lost> {
  const { course } = open.loaded.course;
  const unknown = students.filter(
    ({ id }) => ![open.states, open.unreadable].some((known) => known.has(studentStackName(course, id))),
  );
  const lost = await studentsMade(open, unknown);
  return {
    students: lost,
    ofClass: !open.states.has(classStackName(course)) && (lost.length > 0 || (await classWasMade(open))),
  };
}

/**
 * What a lost state knew is taken from the cloud into a stack of that name again, and where the lab wants nothing else, its outputs are
 * written too. Everything else is left to the preview that follows, so that nothing is changed that nobody agreed to.
 *
 * @param later takes the ids of instances that never came up, which are not deleted then
 */
export async function recoverLostStacks(
  open: OpenClass,
  { students, ofClass }: Lost,
  later?: Set<string>,
): Promise<void> {
  // Every student's stack reads the class's.
  if (ofClass) await recover(open, [{ title: CLASS_STACK, operation: classOperation(open) }], later);
  const ofStudents = await Promise.all(
    students.map(async (student) => {
      const operation = await attempted(() => studentOperation(open, student));
      // The preview that follows says why not.
      return "value" in operation ? [{ title: titleOf(student), operation: operation.value }] : [];
    }),
  );
  await recover(open, ofStudents.flat(), later);
}

type LostStack = Pick<StackWork, "title"> & { operation: Omit<Operation, "action"> };

async function recover(open: OpenClass, lost: readonly LostStack[], later: Set<string> | undefined): Promise<void> {
  const { pool, settings, states } = open;
  if (lost.length === 0 || pool.interrupted) return;
  for (const { operation } of lost) {
    const { stack, patterns = [] } = operation;
    console.error(`the state of ${stack} is lost, but what it made is in the cloud: it is taken over`);
    if (!makeEmptyStack(settings, stack, patterns)) await initStack(settings, stack);
    states.set(stack, { stack, resources: [], pending: [], outputs: {}, digest: "" });
  }
  const works = lost.map(({ title, operation }) => ({
    title,
    operation: { ...operation, action: "preview", isNew: false, refresh: true } as const,
  }));
  const taken = await workOnStacks(
    pool,
    settings,
    works.map((work) => ({
      ...work,
      prepare: async (report) =>
        putRight(open, { ...work.operation, action: "up" }, (await pool.run(work.operation)).steps, report, later),
      summary: () => "taken over",
    })),
  );
  const complete = taken.filter((result) => result.outcome === "done" && changesNothing(result.steps));
  await workOnStacks(
    pool,
    settings,
    works
      .filter(({ operation }) => complete.some(({ stack }) => stack === operation.stack))
      .map(({ title, operation }) => ({ title, operation: { ...operation, action: "up" } })),
  );
  for (const [stack, state] of await readStacks(settings, (name) => taken.some((result) => result.stack === name)))
    states.set(stack, state);
}

/** Its networks carry the course's tag, and no student's. */
async function classWasMade({ cloud, loaded }: OpenClass): Promise<boolean> {
  const query = new URLSearchParams({ tags: `course:${loaded.course.course}`, fields: "tags" });
  const schema = z.object({ networks: z.array(z.object({ tags: z.array(z.string()) })) });
  const { networks } = await cloud.session.request("network", "GET", `/v2.0/networks?${query.toString()}`, schema);
  return networks.some(({ tags }) => !tags.some((tag) => tag.startsWith("student:")));
}

/** Those of these students of whom the cloud has something; asked for all at once. */
async function studentsMade(
  { cloud, loaded }: OpenClass,
  students: readonly CourseStudent[],
): Promise<CourseStudent[]> {
  const { course } = loaded.course;
  if (students.length === 0) return [];
  if (loaded.lab.student.project === undefined) {
    const there = await readStudentsThere(cloud.session, course);
    return students.filter(({ id }) => there.has(id));
  }
  const query = new URLSearchParams({ tags: `course:${course}` });
  const schema = z.object({ projects: z.array(z.object({ name: z.string() })) });
  const { projects } = await cloud.session.request("identity", "GET", `/v3/projects?${query.toString()}`, schema);
  const names = new Set(projects.map(({ name }) => name));
  return students.filter((student) => names.has(planStudent(loaded.lab, course, student, "class").project?.name ?? ""));
}
