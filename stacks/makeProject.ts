import type * as pulumi from "@pulumi/pulumi";
import { StudentProject } from "../components/studentProject.ts";
import type { Quotas } from "../lab/schemaTypes.ts";
import { type CloudAddress, teachersClient } from "./cloudAddress.ts";
import { mapValues } from "./mapValues.ts";

interface ProjectPlan {
  name: string;
  description: string;
  users: Record<string, { roles: string[] }>;
  administratorRoles: string[];
  quotas: Quotas;
}

interface ProjectSurroundings {
  cloud: CloudAddress;
  roleIds: Record<string, string>;
  password: (user: string) => pulumi.Input<string>;
  tags: string[];
  /** Login of the teacher. */
  opts: pulumi.ComponentResourceOptions;
}

/** A project with its users, roles and quotas; the teacher may get roles in it too. */
export function makeProject(
  logicalName: string,
  { name, description, users, administratorRoles, quotas }: ProjectPlan,
  { cloud, roleIds, password, tags, opts }: ProjectSurroundings,
): StudentProject {
  const idsOf = (roles: readonly string[]) => Object.fromEntries(roles.map((role) => [role, roleIds[role] ?? role]));
  const administrator = { userId: cloud.userId, roles: idsOf(administratorRoles) };
  return new StudentProject(
    logicalName,
    {
      projectName: name,
      description,
      members: mapValues(users, (user, { roles }) => ({ password: password(user), roles: idsOf(roles) })),
      existingMembers: administratorRoles.length === 0 ? {} : { administrator },
      quotas,
      tags,
      openstackCommand: teachersClient(cloud),
    },
    opts,
  );
}
