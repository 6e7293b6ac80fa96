import { z } from "zod";
import { changesNothing } from "../course/plannedStep.ts";
import { classStackName, studentStackName } from "../course/stackNames.ts";
import type { Operation } from "../engine/operation.ts";
import { breakDeadLock } from "../engine/deadLock.ts";
import { runPulumi } from "../engine/pulumiProcess.ts";
import { readStacks } from "../engine/stackStates.ts";
import { planStudent } from "../lab/studentPlan.ts";
import { lookUp } from "../openstack/lookUp.ts";
import type { CourseStudent } from "../stacks/courseFolder.ts";
import { UserError } from "../terminal/userError.ts";
import { classOperation, type OpenClass, studentOperation } from "./openClass.ts";
import { CLASS_STACK, titleOf } from "./previewClass.ts";
import { putRight } from "./putRight.ts";
import { type StackWork, workOnStacks } from "./stackWork.ts";

/**
 * The class, and students, of whom there is something in the cloud, but no stack: its state was lost. What is in the cloud is taken into
 * a stack of that name again, and where the lab wants nothing else, its outputs are written too. Everything else is left to the preview
 * that follows, so that nothing is changed that nobody agreed to.
 */
export async function recoverLostStacks(open: OpenClass, students: readonly CourseStudent[]): Promise<void> {
  const { course } = open.loaded.course;
  const unknown = students.filter(({ id }) => !open.states.has(studentStackName(course, id)));
  const made = await Promise.all(unknown.map((student) => studentWasMade(open, student)));
  const lost = unknown.filter((_, index) => made[index] === true);
  const classIsLost = !open.states.has(classStackName(course)) && (lost.length > 0 || (await classWasMade(open)));
  // Every student's stack reads the class's.
  if (classIsLost) await recover(open, [{ title: CLASS_STACK, operation: classOperation(open) }]);
  await recover(
    open,
    await Promise.all(
      lost.map(async (student) => ({ title: titleOf(student), operation: await studentOperation(open, student) })),
    ),
  );
}

type LostStack = Pick<StackWork, "title"> & { operation: Omit<Operation, "action"> };

async function recover(open: OpenClass, lost: readonly LostStack[]): Promise<void> {
  const { pool, settings, states } = open;
  if (lost.length === 0) return;
  for (const { operation } of lost) await makeEmptyStack(open, operation.stack);
  const works = lost.map(({ title, operation }) => ({
    title,
    operation: { ...operation, action: "preview", isNew: false, refresh: true } as const,
  }));
  const taken = await workOnStacks(
    pool,
    settings,
    works.map((work) => ({
      ...work,
      prepare: async () => putRight(open, { ...work.operation, action: "up" }, (await pool.run(work.operation)).steps),
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

async function studentWasMade({ cloud, loaded }: OpenClass, student: CourseStudent): Promise<boolean> {
  const { course } = loaded.course;
  const { project, tags } = planStudent(loaded.lab, course, student, "class");
  if (project === undefined) {
    // Every instance has a port of the student's, also where there is no network of their own.
    const query = new URLSearchParams({ tags: tags.join(","), fields: "id" });
    const schema = z.object({ ports: z.array(z.unknown()) });
    const path = `/v2.0/ports?${query.toString()}`;
    return (await cloud.session.request("network", "GET", path, schema)).ports.length > 0;
  }
  const wanted = { type: "openstack:identity/project:Project", inputs: { name: project.name } };
  const { projectId, userId } = cloud.address;
  return (await lookUp(cloud.session, wanted, { course, projectId, userId })) !== undefined;
}

async function makeEmptyStack({ settings, states }: OpenClass, stack: string): Promise<void> {
  console.error(`the state of ${stack} is lost, but what it made is in the cloud: it is taken over`);
  const args = ["stack", "init", "--stack", stack];
  const init = () => runPulumi(settings, args, undefined, settings.settingsFolder);
  let result = await init();
  // Whoever could not write the state could not take the lock away either.
  if (result.exitCode !== 0 && (await breakDeadLock(settings, { stack, output: result.stderr }))) result = await init();
  const { exitCode, stderr } = result;
  // Another part of the class may be making it at this moment; then nothing is lost.
  if (exitCode !== 0 && !stderr.includes("already exists"))
    throw new UserError(`the stack ${stack} cannot be made:\n${stderr.trim()}`, 1);
  states.set(stack, { stack, resources: [], pending: [], outputs: {}, digest: "" });
}
