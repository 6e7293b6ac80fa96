import type { Lab } from "../lab/labSchema.ts";
import { UserError } from "../terminal/userError.ts";

/**
 * Variables that the provider reads for itself, whatever it is told: beside them, the login of a student's own would be the teacher's.
 * https://github.com/gophercloud/utils/blob/05e9e7f5ea4d3ba8cab7a0058273c1a6cbfc7bf8/terraform/auth/config.go
 */
export const MIXING_VARIABLES = [
  "OS_CLOUD",
  "OS_TOKEN",
  "OS_AUTH_TOKEN",
  "OS_USER_ID",
  // Of these two it refuses to log in at all, because the student's domain is given by its id.
  "OS_USER_DOMAIN_NAME",
  "OS_DOMAIN_NAME",
  "OS_APPLICATION_CREDENTIAL_ID",
  "OS_APPLICATION_CREDENTIAL_NAME",
  "OS_APPLICATION_CREDENTIAL_SECRET",
] as const;

/**
 * What is the student's must be made with the student's login.
 *
 * @param env of the engine and its plugins
 * @throws {UserError} naming the variables that are in the way, where the lab gives students a login of their own
 */
export function refuseMixedLogin(
  { student: { project } }: Lab,
  env: Readonly<Record<string, string | undefined>>,
): void {
  if (project === undefined) return;
  const set = MIXING_VARIABLES.filter((name) => (env[name] ?? "") !== "");
  if (set.length === 0) return;
  throw new UserError(
    `${set.join(", ")} ${set.length === 1 ? "is" : "are"} set in the environment, and the provider would take that for the student's ` +
      "login, too, and fail, or work in the administrator's project. Unset it and name an entry of clouds.yaml: `cloud:` in course.yaml, or " +
      "`pulumi config set openstack:cloud <entry>`",
  );
}
