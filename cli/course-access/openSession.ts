import { cloudSettings, namedCloud } from "../../openstack/cloudSettings.ts";
import { Session } from "../../openstack/session.ts";
import type { LoadedCourse } from "../../stacks/courseFolder.ts";

/**
 * Logged in as the teacher at the course's cloud.
 *
 * @param settings of the login. @default the course's `cloud`, else OS_CLOUD, else the OS_* variables
 * @throws {UserError} within seconds, when that cannot be done
 */
export async function openSession(
  { course }: Pick<LoadedCourse, "course">,
  settings = cloudSettings(namedCloud(course.cloud)),
): Promise<Session> {
  return Session.open(settings);
}
