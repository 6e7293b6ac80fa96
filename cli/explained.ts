import { readStacks } from "../engine/stackStates.ts";
import { studentStackName } from "../course/stackNames.ts";
import { instanceFaults } from "../openstack/instanceFaults.ts";
import type { CourseStudent } from "../stacks/courseFolder.ts";
import type { OpenClass } from "./openClass.ts";

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

/** The engine's list of errors has the same ones again, with Go's own words around them. */
function plainErrors(errors: readonly string[]): string[] {
  const lines = errors
    .flatMap((error) => error.split("\n"))
    .map((line) =>
      line
        .replace(/^\s*\* /, "")
        .replace(/^error: /, "")
        .replace(/^sdk-v2\/provider2\.go:\d+: sdk\.helper_schema: /, "")
        .replace(/( last error: %!s\(<nil>\))?: provider="\S+"$/, "")
        .replace(/ last error: %!s\(<nil>\)$/, "")
        .trim(),
    );
  const telling = lines.filter((line) => line !== "" && !/^(\d+ errors? occurred:|update failed|<nil>)$/.test(line));
  return [...new Set(telling.length === 0 ? errors : telling)];
}
