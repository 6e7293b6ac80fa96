import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { Lab } from "../lab/labSchema.ts";
import type { StudentPlan } from "../lab/studentPlan.ts";
import { type CloudAddress, teachersClient } from "./cloudAddress.ts";
import { makeProject } from "./makeProject.ts";
import { mapValues } from "./mapValues.ts";

/** Whose credentials the student's own things are made with. */
export interface StudentAccess {
  /** For every component of the student's own. */
  opts: pulumi.ComponentResourceOptions;
  /** For what only an administrator may make. */
  teacherOpts: pulumi.ComponentResourceOptions;
  projectId: pulumi.Input<string>;
  /** Login for `openstack/main.ts`: variables, or the name of the cloud. */
  client: { command: string; environment: Record<string, pulumi.Input<string>> };
  /** What the student logs in with; undefined in the teacher's project. */
  login: { projectName: string; userName: string; password: pulumi.Output<string> } | undefined;
}

/** The student's project with its users, and a second login as the first of them; or the teacher's own. */
export function studentAccess(
  lab: Lab,
  plan: StudentPlan,
  cloud: CloudAddress,
  roleIds: Record<string, string>,
  password: (purpose: readonly string[]) => pulumi.Output<string>,
  teacherOpts: pulumi.ComponentResourceOptions,
): StudentAccess {
  const { project, prefix, tags } = plan;
  const [userName] = Object.keys(project?.users ?? {});
  if (project === undefined || userName === undefined)
    return {
      ...{ opts: teacherOpts, teacherOpts },
      projectId: cloud.projectId,
      client: { command: teachersClient(cloud), environment: {} },
      login: undefined,
    };
  const { administratorRoles = [], quotas = {} } = lab.student.project ?? {};
  const passwords = mapValues(project.users, (user) => password(["user", prefix, user]));
  const made = makeProject(
    `${prefix}-project`,
    { ...project, administratorRoles, quotas },
    { cloud, roleIds, tags, password: (user) => passwords[user] ?? "", opts: teacherOpts },
  );
  const own = passwords[userName] ?? pulumi.output("");
  const provider = new openstack.Provider(`${prefix}-user`, {
    // Everything is said, so that nothing of the teacher's own login is mixed in.
    cloud: "",
    authUrl: cloud.authUrl,
    userName,
    password: own,
    tenantId: made.projectId,
    userDomainId: cloud.domainId,
    projectDomainId: cloud.domainId,
    ...(cloud.region === undefined ? {} : { region: cloud.region }),
    ...(cloud.cacert === undefined ? {} : { cacertFile: cloud.cacert }),
  });
  return {
    opts: { providers: { openstack: provider } },
    teacherOpts,
    projectId: made.projectId,
    client: {
      command: "node openstack/main.ts",
      environment: {
        OS_AUTH_URL: cloud.authUrl,
        OS_USERNAME: userName,
        OS_PASSWORD: own,
        OS_PROJECT_ID: made.projectId,
        OS_USER_DOMAIN_ID: cloud.domainId,
        ...(cloud.region === undefined ? {} : { OS_REGION_NAME: cloud.region }),
        ...(cloud.cacert === undefined ? {} : { OS_CACERT: cloud.cacert }),
      },
    },
    login: { projectName: project.name, userName, password: own },
  };
}
