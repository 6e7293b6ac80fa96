import { z } from "zod";
import { type SeenObject, tagEntries } from "../cloudObject.ts";
import { listAll } from "./listAll.ts";
import type { Scope } from "./scope.ts";

const idsSchema = z.array(z.object({ id: z.string() })).default([]);
const itemSchema = z.object({
  id: z.string(),
  name: z.string().nullish(),
  project_id: z.string().nullish(),
  provisioning_status: z.string().nullish(),
  created_at: z.string().nullish(),
  tags: z.array(z.string()).default([]),
  loadbalancers: idsSchema,
  listeners: idsSchema,
  pools: idsSchema,
  members: idsSchema,
  listener_id: z.string().nullish(),
});
type Item = z.infer<typeof itemSchema>;

/** Each kind, and what its objects are part of. */
const KINDS: { path: string; type: string; partOf: (item: Item) => string | null | undefined }[] = [
  { path: "loadbalancers", type: "loadBalancer:LoadBalancer", partOf: () => undefined },
  { path: "listeners", type: "listener:Listener", partOf: ({ loadbalancers }) => loadbalancers[0]?.id },
  { path: "pools", type: "pool:Pool", partOf: ({ loadbalancers }) => loadbalancers[0]?.id },
  { path: "healthmonitors", type: "monitor:Monitor", partOf: ({ pools }) => pools[0]?.id },
  { path: "l7policies", type: "l7PolicyV2:L7PolicyV2", partOf: ({ listener_id }) => listener_id },
];

/** Load balancers and their parts. Octavia shows an administrator those of all projects. */
export async function listLoadBalancers({ session, course, projectIds }: Scope): Promise<SeenObject[]> {
  const lists = await Promise.all(
    KINDS.map(async ({ path, type, partOf }) => {
      const item = itemSchema.transform((each) => ({ id: each.id, each }));
      const listing = { service: "load-balancer", path: `/v2/lbaas/${path}`, key: path, item } as const;
      return (await listAll(session, listing)).map(({ each }) => ({ each, object: seen(type, each, partOf(each)) }));
    }),
  );
  const objects = lists
    .flat()
    .flatMap(({ each, object }) => [object, ...each.members.map(({ id }) => member(id, object))]);
  const own = objects.filter(({ tags, projectId = "" }) => tags["course"] === course || projectIds.includes(projectId));
  return own;
}

function seen(type: string, item: Item, partOf: string | null | undefined): SeenObject {
  const { id, name, project_id, provisioning_status, created_at, tags } = item;
  return {
    service: "load-balancer",
    type: `openstack:loadbalancer/${type}`,
    ...{ id, name: name ?? "", tags: tagEntries(tags), automatic: false },
    ...(project_id == null ? {} : { projectId: project_id }),
    ...(provisioning_status == null ? {} : { status: provisioning_status }),
    ...(created_at == null ? {} : { createdAt: created_at }),
    ...(partOf == null ? {} : { partOf }),
  };
}

/** Octavia lists members pool by pool; that a pool has them, it says anyway. */
function member(id: string, pool: SeenObject): SeenObject {
  return {
    service: "load-balancer",
    type: "openstack:loadbalancer/member:Member",
    ...{ id, name: "", tags: {}, automatic: false, partOf: pool.id },
    ...(pool.projectId === undefined ? {} : { projectId: pool.projectId }),
  };
}
