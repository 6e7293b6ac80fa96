import { readStacks } from "../engine/stackStates.ts";
import { studentStackName } from "../course/stackNames.ts";
import { instanceFaults } from "../openstack/instanceFaults.ts";
import type { CourseStudent } from "../stacks/courseFolder.ts";
import type { OpenClass } from "./openClass.ts";
import { plainErrors } from "./plainErrors.ts";

/** What went wrong for a student, with Nova's own reason for each instance in error: the provider only says that it is. */
export async function explained(open: OpenClass, student: CourseStudent, errors: string[]): Promise<string[]> {
  const { loaded, settings, cloud } = open;
  const stack = studentStackName(loaded.course.course, student.id);
  const state = (await readStacks(settings, (name) => name === stack)).get(stack);
  const ids = (state?.resources ?? []).flatMap(({ type, id }) =>
    type === "openstack:compute/instance:Instance" ? [id] : [],
  );
  return [...plainErrors(errors), ...(await instanceFaults(cloud.session, ids))];
}
