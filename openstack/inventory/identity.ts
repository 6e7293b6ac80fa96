import { z } from "zod";
import { type SeenObject, tagEntries } from "../cloudObject.ts";
import type { Session } from "../session.ts";
import { ifVisible } from "../visible.ts";
import { listAll } from "./listAll.ts";

const projectSchema = z
  .object({ id: z.string(), name: z.string(), tags: z.array(z.string()).default([]) })
  .transform(({ id, name, tags }): SeenObject => ({
    service: "identity",
    type: "openstack:identity/project:Project",
    ...{ id, name, tags: tagEntries(tags), automatic: false },
  }));

const userSchema = z
  .object({ id: z.string(), name: z.string(), default_project_id: z.string().nullish(), enabled: z.boolean() })
  .transform(({ id, name, default_project_id, enabled }): SeenObject => ({
    service: "identity",
    type: "openstack:identity/user:User",
    ...{ id, name, tags: {}, automatic: false, status: enabled ? "enabled" : "disabled" },
    ...(default_project_id == null ? {} : { projectId: default_project_id }),
  }));

const groupSchema = z.object({ id: z.string(), name: z.string() }).transform(({ id, name }): SeenObject => ({
  service: "identity",
  type: "openstack:identity/groupV3:GroupV3",
  ...{ id, name, tags: {}, automatic: false },
}));

/** The projects with a course's tag, as far as these credentials may see them. */
export async function listProjects(
  session: Session,
  course: string,
  gap: (what: string) => void,
): Promise<SeenObject[]> {
  const common = { service: "identity", key: "projects", item: projectSchema } as const;
  const path = `/v3/projects?tags=${encodeURIComponent(`course:${course}`)}`;
  const all = await ifVisible(listAll(session, { ...common, path }));
  if (all !== undefined) return all;
  gap("only the projects that these credentials can log in to");
  const own = await listAll(session, { ...common, path: "/v3/auth/projects" });
  return own.filter(({ tags }) => tags["course"] === course);
}

/** The users of the domain that is worked in, and its groups where `groups` says so; none where these credentials may not see them. */
export async function listUsers(
  session: Session,
  { groups, gap }: { groups: boolean; gap: (what: string) => void },
): Promise<SeenObject[]> {
  const domain = `domain_id=${encodeURIComponent(session.scope.domainId)}`;
  const common = { service: "identity" } as const;
  const truncated = z.object({ truncated: z.boolean().default(false), users: z.array(userSchema) });
  const [users, found] = await Promise.all([
    ifVisible(session.request("identity", "GET", `/v3/users?${domain}`, truncated)),
    groups
      ? ifVisible(listAll(session, { ...common, path: `/v3/groups?${domain}`, key: "groups", item: groupSchema }))
      : [],
  ]);
  if (users === undefined) gap("no users: these credentials may not list them");
  if (users?.truncated) gap(`only the first ${users.users.length} users of the domain: Keystone does not list more`);
  if (found === undefined) gap("no groups: these credentials may not list them");
  return [...(users?.users ?? []), ...(found ?? [])];
}
