import pLimit from "p-limit";
import { z } from "zod";
import type { InstanceDetails, SeenObject } from "../cloudObject.ts";
import type { Session } from "../session.ts";
import { ifVisible } from "../visible.ts";
import { listAll } from "./listAll.ts";
import { inProjects, type Scope } from "./scope.ts";

/** The first that says whether a volume goes with its instance: https://docs.openstack.org/nova/latest/reference/api-microversion-history.html */
const WITH_VOLUMES = "2.3";
/** The first that lists the key pairs of other users. */
const KEY_PAIRS_OF_USERS = "2.10";
/** The first that tells whose a server group is. */
const GROUPS_OF_PROJECTS = "2.13";
const AT_ONCE = 4;

const addressSchema = z.object({ addr: z.string(), "OS-EXT-IPS:type": z.string().default("fixed") });
const serverSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    status: z.string(),
    tenant_id: z.string(),
    user_id: z.string(),
    metadata: z.record(z.string(), z.string()).default({}),
    addresses: z.record(z.string(), z.array(addressSchema)).default({}),
    // An empty text when it boots from a volume.
    image: z.union([z.object({ id: z.string() }), z.literal("")]).nullish(),
    flavor: z.object({ id: z.string().optional() }).optional(),
    key_name: z.string().nullish(),
    created: z.string().optional(),
    fault: z.object({ message: z.string().default("") }).optional(),
    "OS-EXT-SRV-ATTR:host": z.string().nullish(),
    "OS-EXT-STS:task_state": z.string().nullish(),
    "os-extended-volumes:volumes_attached": z
      .array(z.object({ id: z.string(), delete_on_termination: z.boolean().default(false) }))
      .default([]),
  })
  .transform((server) => ({
    id: server.id,
    object: instanceObject(server),
    /** Volumes that Nova deletes with the instance. */
    ownVolumeIds: server["os-extended-volumes:volumes_attached"]
      .filter(({ delete_on_termination }) => delete_on_termination)
      .map(({ id }) => id),
  }));

interface Server {
  id: string;
  name: string;
  status: string;
  tenant_id: string;
  user_id: string;
  metadata: Record<string, string>;
  addresses: Record<string, z.infer<typeof addressSchema>[]>;
  image?: { id: string } | "" | null | undefined;
  flavor?: { id?: string | undefined } | undefined;
  key_name?: string | null | undefined;
  created?: string | undefined;
  fault?: { message: string } | undefined;
  "OS-EXT-SRV-ATTR:host"?: string | null | undefined;
  "OS-EXT-STS:task_state"?: string | null | undefined;
  "os-extended-volumes:volumes_attached": { id: string }[];
}

function instanceObject(server: Server): SeenObject {
  const task = server["OS-EXT-STS:task_state"];
  return {
    service: "compute",
    type: "openstack:compute/instance:Instance",
    ...{ id: server.id, name: server.name, projectId: server.tenant_id, userId: server.user_id },
    ...{ tags: server.metadata, automatic: false, status: server.status },
    ...(task == null ? {} : { task }),
    ...(server.fault === undefined ? {} : { fault: server.fault.message }),
    ...(server.created === undefined ? {} : { createdAt: server.created }),
    instance: instanceDetails(server),
  };
}

function instanceDetails(server: Server): InstanceDetails {
  const { image, flavor, key_name: keyPairName } = server;
  const host = server["OS-EXT-SRV-ATTR:host"];
  return {
    addresses: Object.entries(server.addresses).flatMap(([network, each]) =>
      each.map(({ addr, "OS-EXT-IPS:type": kind }) => ({
        network,
        address: addr,
        kind: kind === "floating" ? ("floating" as const) : ("fixed" as const),
      })),
    ),
    ...(image == null || image === "" ? {} : { imageId: image.id }),
    ...(flavor?.id === undefined ? {} : { flavorId: flavor.id }),
    ...(host == null ? {} : { host }),
    ...(keyPairName == null ? {} : { keyPairName }),
    volumeIds: server["os-extended-volumes:volumes_attached"].map(({ id }) => id),
  };
}

/** Instances, and by volume the instance that it goes with. */
export async function listInstances(
  scope: Scope,
): Promise<{ objects: SeenObject[]; ownVolumes: ReadonlyMap<string, string> }> {
  const servers = await inProjects(scope, "instances", (query) =>
    listAll(scope.session, {
      service: "compute",
      path: `/servers/detail?${query}`,
      key: "servers",
      item: serverSchema,
      microversion: WITH_VOLUMES,
    }),
  );
  return {
    objects: servers.map(({ object }) => object),
    ownVolumes: new Map(servers.flatMap(({ id, ownVolumeIds }) => ownVolumeIds.map((volume) => [volume, id] as const))),
  };
}

const keyPairsSchema = z.object({ keypairs: z.array(z.object({ keypair: z.object({ name: z.string() }) })) });

/** Key pairs belong to users: those of the course's users and of the one who is logged in. Nova lists one user's at a time. */
export async function listKeyPairs({ session, userIds, gap }: Scope): Promise<SeenObject[]> {
  const own = session.scope.userId;
  const limit = pLimit(AT_ONCE);
  const lists = await limit.map([...new Set([own, ...userIds])], async (userId) => {
    const found = await ifVisible(
      userId === own
        ? session.request("compute", "GET", "/os-keypairs", keyPairsSchema)
        : session.request("compute", "GET", `/os-keypairs?user_id=${userId}`, keyPairsSchema, {
            microversion: KEY_PAIRS_OF_USERS,
          }),
    );
    return found?.keypairs.map(({ keypair: { name } }) => keyPairObject(name, userId));
  });
  if (lists.includes(undefined))
    gap("only key pairs of the user who is logged in: these credentials may not list those of others");
  return lists.flatMap((list) => list ?? []);
}

function keyPairObject(name: string, userId: string): SeenObject {
  return {
    service: "compute",
    type: "openstack:compute/keypair:Keypair",
    ...{ id: name, name, userId, partOf: userId, tags: {}, automatic: false },
  };
}

const named = (type: string) =>
  z
    .object({
      id: z.union([z.string(), z.number()]).transform(String),
      name: z.string(),
      project_id: z.string().nullish(),
    })
    .transform(({ id, name, project_id }): SeenObject => ({
      service: "compute",
      type,
      ...{ id, name, tags: {}, automatic: false },
      ...(project_id == null ? {} : { projectId: project_id }),
    }));

/** Server groups of the course's projects. */
export async function listServerGroups({ session, projectIds }: Scope): Promise<SeenObject[]> {
  const list = (path: string) =>
    ifVisible(
      listAll(session, {
        service: "compute",
        path,
        key: "server_groups",
        item: named("openstack:compute/serverGroup:ServerGroup"),
        microversion: GROUPS_OF_PROJECTS,
      }),
    );
  const found = (await list("/os-server-groups?all_projects=true")) ?? (await list("/os-server-groups")) ?? [];
  return found.filter(({ projectId }) => projectIds.includes(projectId ?? ""));
}

/** Flavors and host aggregates, which are known by their names alone. */
export async function listFlavorsAndAggregates(session: Session): Promise<SeenObject[]> {
  const list = async (path: string, key: string, type: string) =>
    (await ifVisible(listAll(session, { service: "compute", path, key, item: named(type) }))) ?? [];
  const [flavors, aggregates] = await Promise.all([
    list("/flavors/detail?is_public=None", "flavors", "openstack:compute/flavor:Flavor"),
    list("/os-aggregates", "aggregates", "openstack:compute/aggregateV2:AggregateV2"),
  ]);
  return [...flavors, ...aggregates];
}
