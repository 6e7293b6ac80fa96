import { studentStackName } from "../course/stackNames.ts";
import { runPulumi } from "../engine/pulumiProcess.ts";
import { lookUp } from "../openstack/lookUp.ts";
import type { CourseStudent } from "../stacks/courseFolder.ts";
import { planStudent } from "../lab/studentPlan.ts";
import { UserError } from "../terminal/userError.ts";
import type { OpenClass } from "./openClass.ts";

/**
 * Students whose project is in the cloud although there is no stack of theirs: its state was lost. An empty stack is made for each, and
 * what is in the cloud is then taken into it like anything else that the state does not know.
 */
export async function recoverLostStacks(open: OpenClass, students: readonly CourseStudent[]): Promise<void> {
  const { loaded, states, settings, cloud } = open;
  const { course } = loaded.course;
  const whose = { course, projectId: cloud.address.projectId, userId: cloud.address.userId };
  const without = students.filter(({ id }) => !states.has(studentStackName(course, id)));
  for (const student of without) {
    const { project } = planStudent(loaded.lab, course, student, "class");
    if (project === undefined) continue;
    const type = "openstack:identity/project:Project";
    const id = await lookUp(cloud.session, { type, inputs: { name: project.name } }, whose);
    if (id === undefined) continue;
    const stack = studentStackName(course, student.id);
    console.error(
      `${student.id}: the project ${project.name} is in the cloud, but its state is lost; it is taken over`,
    );
    const args = ["stack", "init", "--stack", stack];
    const { exitCode, stderr } = await runPulumi(settings, args, undefined, settings.settingsFolder);
    if (exitCode !== 0) throw new UserError(`the stack ${stack} cannot be made:\n${stderr.trim()}`, 1);
    states.set(stack, { stack, resources: [], pending: [], outputs: {} });
  }
}
