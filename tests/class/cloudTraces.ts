import { z } from "zod";
import { unlessGone } from "../../openstack/apiError.ts";
import type { Service, Session } from "../../openstack/session.ts";

interface Listing {
  service: Service;
  path: string;
  key: string;
}

/** Every kind of thing that a lab without optional services makes, or that these services make for a project by themselves. */
const LISTINGS: readonly Listing[] = [
  { service: "identity", path: "/v3/projects", key: "projects" },
  { service: "identity", path: "/v3/users", key: "users" },
  { service: "identity", path: "/v3/groups", key: "groups" },
  { service: "identity", path: "/v3/role_assignments", key: "role_assignments" },
  { service: "compute", path: "/servers/detail?all_tenants=1", key: "servers" },
  { service: "compute", path: "/flavors/detail?is_public=None", key: "flavors" },
  { service: "compute", path: "/os-aggregates", key: "aggregates" },
  { service: "image", path: "/v2/images?limit=1000", key: "images" },
  ...[
    ...["networks", "subnets", "ports", "routers", "floatingips", "security-groups", "security-group-rules"],
    ...["rbac-policies", "address-scopes", "subnetpools", "trunks", "quotas"],
  ].map((kind) => ({ service: "network" as const, path: `/v2.0/${kind}`, key: kind.replaceAll("-", "_") })),
];

const thing = z.record(z.string(), z.unknown());

/**
 * Everything in the cloud in which any of these words is, as the services list it to an administrator. Looks by itself, without what
 * `classroom` looks with.
 *
 * @param words ids of projects and users, tags, beginnings of names
 */
export async function tracesOf(session: Session, words: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    LISTINGS.map(async ({ service, path, key }) => {
      const answer = await unlessGone(session.request(service, "GET", path, z.record(z.string(), z.unknown())));
      return z
        .array(thing)
        .parse(answer?.[key] ?? [])
        .map((each) => ({ key, text: JSON.stringify(each) }));
    }),
  );
  return found
    .flat()
    .filter(({ text }) => words.some((word) => text.includes(word)))
    .map(({ key, text }) => `${key}: ${text.slice(0, 300)}`);
}

/** Nova lists key pairs by user alone, also of a user who is gone. */
export async function keyPairsOf(session: Session, userIds: readonly string[]): Promise<string[]> {
  const schema = z.object({ keypairs: z.array(z.object({ keypair: z.object({ name: z.string() }) })) });
  const each = await Promise.all(
    userIds.map((id) =>
      session.request("compute", "GET", `/os-keypairs?user_id=${id}`, schema, { microversion: "2.10" }),
    ),
  );
  return each.flatMap(({ keypairs }) => keypairs.map(({ keypair }) => keypair.name));
}

const revised = z.object({ id: z.string(), revision_number: z.number().optional(), updated: z.string().optional() });

/** How often each thing in a project was changed so far, as the services themselves count: nothing can be touched without it showing. */
export async function revisionsOf(session: Session, projectId: string): Promise<Record<string, string>> {
  const kinds = ["networks", "subnets", "ports", "routers", "floatingips", "security-groups", "security-group-rules"];
  const ofNetwork = kinds.map(async (kind) => {
    const path = `/v2.0/${kind}?project_id=${projectId}`;
    const answer = await session.request("network", "GET", path, z.record(z.string(), z.array(revised)));
    return answer[kind.replaceAll("-", "_")] ?? [];
  });
  const path = `/servers/detail?all_tenants=1&project_id=${projectId}`;
  const { servers } = await session.request("compute", "GET", path, z.object({ servers: z.array(revised) }));
  const all = [...(await Promise.all(ofNetwork)).flat(), ...servers];
  return Object.fromEntries(all.map(({ id, revision_number, updated }) => [id, `${revision_number ?? updated ?? ""}`]));
}

const server = z.object({ server: z.looseObject({ status: z.string(), tenant_id: z.string() }) });

/** Of a server; undefined when there is none. */
export async function statusOf(session: Session, id: string) {
  return (await unlessGone(session.request("compute", "GET", `/servers/${id}`, server)))?.server;
}
