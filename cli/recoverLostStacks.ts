import { z } from "zod";
import { classStackName, studentStackName } from "../course/stackNames.ts";
import { runPulumi } from "../engine/pulumiProcess.ts";
import { planStudent } from "../lab/studentPlan.ts";
import { lookUp } from "../openstack/lookUp.ts";
import type { CourseStudent } from "../stacks/courseFolder.ts";
import { UserError } from "../terminal/userError.ts";
import type { OpenClass } from "./openClass.ts";

/**
 * The class, and students, of whom there is something in the cloud, but no stack: its state was lost. An empty stack is made for each,
 * and what is in the cloud is then taken into it like anything else that the state does not know.
 */
export async function recoverLostStacks(open: OpenClass, students: readonly CourseStudent[]): Promise<void> {
  const { course } = open.loaded.course;
  const classStack = classStackName(course);
  if (!open.states.has(classStack) && (await classWasMade(open))) await makeEmptyStack(open, classStack);
  for (const student of students) {
    const stack = studentStackName(course, student.id);
    if (!open.states.has(stack) && (await studentWasMade(open, student))) await makeEmptyStack(open, stack);
  }
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
  const { exitCode, stderr } = await runPulumi(settings, args, undefined, settings.settingsFolder);
  // Another part of the class may be making it at this moment; then nothing is lost.
  if (exitCode !== 0 && !stderr.includes("already exists"))
    throw new UserError(`the stack ${stack} cannot be made:\n${stderr.trim()}`, 1);
  states.set(stack, { stack, resources: [], pending: [], outputs: {} });
}
