import { readStacks } from "../../engine/stackStates.ts";
import { INSTANCE } from "../../course/resourceTypes.ts";
import { studentStackName } from "../../course/stackNames.ts";
import { instanceFaults } from "../../openstack/instanceFaults.ts";
import type { CourseStudent } from "../../stacks/courseFolder.ts";
import { attempted } from "../open-class/attempted.ts";
import type { OpenClass } from "../open-class/openClass.ts";
import { plainErrors } from "../open-class/plainErrors.ts";

/**
 * What went wrong for a student, with Nova's own reason for each instance in error: the provider only says that it is. Where Nova cannot be
 * asked, what is known has to do.
 */
export async function explained(open: OpenClass, student: CourseStudent, errors: string[]): Promise<string[]> {
  const faults = await attempted(() => faultsOf(open, student));
  return [...plainErrors(errors), ...("value" in faults ? faults.value : [])];
}

async function faultsOf({ loaded, settings, cloud }: OpenClass, student: CourseStudent): Promise<string[]> {
  const stack = studentStackName(loaded.course.course, student.id);
  const state = (await readStacks(settings, (name) => name === stack)).get(stack);
  const ids = (state?.resources ?? []).flatMap(({ type, id }) => (type === INSTANCE ? [id] : []));
  return instanceFaults(cloud.session, ids);
}
