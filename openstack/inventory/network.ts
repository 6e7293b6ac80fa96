import { z } from "zod";
import { readNetworkExtensions } from "../catalog.ts";
import { type SeenObject, UNMANAGED } from "../cloudObject.ts";
import { listAll } from "./listAll.ts";
import { type NetworkKind, commonShape, seen } from "./networkKind.ts";
import { NETWORK_SERVICES } from "./networkServices.ts";
import { portObject, portSchema } from "./ports.ts";
import { inGroups, type Scope } from "./scope.ts";

/** 44 characters a project: addresses of requests stay well below 8 KiB, where servers begin to refuse them. */
const PROJECTS_A_REQUEST = 100;

const ruleSchema = commonShape.extend({
  security_group_id: z.string(),
  direction: z.string(),
  protocol: z.string().nullish(),
  remote_ip_prefix: z.string().nullish(),
  remote_group_id: z.string().nullish(),
  remote_address_group_id: z.string().nullish(),
});

const KINDS: NetworkKind[] = [
  {
    path: "networks",
    key: "networks",
    tags: true,
    item: commonShape.transform((item) => seen("openstack:networking/network:Network", item)),
  },
  {
    path: "subnets",
    key: "subnets",
    tags: true,
    item: commonShape
      .extend({ network_id: z.string() })
      .transform((item) => ({ ...seen("openstack:networking/subnet:Subnet", item), partOf: item.network_id })),
  },
  {
    path: "routers",
    key: "routers",
    tags: true,
    extension: "router",
    item: commonShape.transform((item) => seen("openstack:networking/router:Router", item)),
  },
  { path: "ports", key: "ports", tags: true, item: portSchema.transform(portObject) },
  {
    path: "floatingips",
    key: "floatingips",
    tags: true,
    extension: "router",
    item: commonShape.extend({ floating_ip_address: z.string(), port_id: z.string().nullish() }).transform((item) => ({
      ...seen("openstack:networking/floatingIp:FloatingIp", item),
      ...(item.port_id == null ? {} : { partOf: item.port_id }),
      floatingIp: { address: item.floating_ip_address, ...(item.port_id == null ? {} : { portId: item.port_id }) },
    })),
  },
  {
    path: "security-groups",
    key: "security_groups",
    tags: true,
    item: commonShape.transform((item) => ({
      ...seen("openstack:networking/secGroup:SecGroup", item),
      // Neutron makes it for every project, and lets nobody make another of this name.
      automatic: item.name === "default",
    })),
  },
  {
    path: "security-group-rules",
    key: "security_group_rules",
    tags: false,
    item: ruleSchema.transform((rule) => ({
      ...seen("openstack:networking/secGroupRule:SecGroupRule", rule),
      name: rule.description ?? "",
      partOf: rule.security_group_id,
      automatic: isNeutronsRule(rule),
    })),
  },
  {
    path: "trunks",
    key: "trunks",
    tags: true,
    extension: "trunk",
    item: commonShape.transform((item) => seen("openstack:networking/trunk:Trunk", item)),
  },
  {
    path: "subnetpools",
    key: "subnetpools",
    tags: true,
    extension: "subnet_allocation",
    item: commonShape.transform((item) => seen("openstack:networking/subnetPool:SubnetPool", item)),
  },
  {
    path: "address-groups",
    key: "address_groups",
    tags: false,
    extension: "address-group",
    item: commonShape.transform((item) => seen(UNMANAGED.addressGroup, item)),
  },
  ...NETWORK_SERVICES,
];

/** What Neutron puts into every group: everything out; and into `default`, its own members in. */
function isNeutronsRule(rule: z.infer<typeof ruleSchema>): boolean {
  const { direction, protocol, remote_ip_prefix, remote_address_group_id, remote_group_id, description } = rule;
  if (protocol != null || remote_ip_prefix != null || remote_address_group_id != null || description) return false;
  return direction === "egress" ? remote_group_id == null : remote_group_id === rule.security_group_id;
}

/**
 * All that Neutron has in the course's projects – tags are set by a second request, which a killed run may not have made – and what has the
 * course's tag elsewhere.
 */
export async function listNetworkObjects(scope: Scope): Promise<SeenObject[]> {
  const extensions = await readNetworkExtensions(scope.session);
  const kinds = KINDS.filter(({ extension }) => extension === undefined || extensions.includes(extension));
  const lists: SeenObject[][] = [];
  // One kind after the other: a cloud under load answers nobody sooner when it is asked everything at once.
  for (const kind of kinds) lists.push(await listKind(scope, kind));
  const found = new Map(lists.flat().map((object) => [object.id, object]));
  return [...found.values()];
}

async function listKind({ session, course, projectIds, elsewhere }: Scope, kind: NetworkKind): Promise<SeenObject[]> {
  const { path, key, item } = kind;
  const queries = groupsOfProjects(session.scope.projectId, projectIds).map((ids) =>
    ids.map((id) => `project_id=${encodeURIComponent(id)}`).join("&"),
  );
  if (kind.tags && elsewhere) queries.push(`tags=${encodeURIComponent(`course:${course}`)}`);
  const list = (query: string) => listAll(session, { service: "network", path: `/v2.0/${path}?${query}`, key, item });
  return (await Promise.all(queries.map(list))).flat();
}

/**
 * Neutron makes the group `default` (FWaaS: the default firewall group) of the first project that is asked for, even of one that is long
 * gone. The first is therefore always the one that is logged in to, which has them.
 */
function groupsOfProjects(own: string, projectIds: readonly string[]): string[][] {
  const others = projectIds.filter((id) => id !== own);
  return others.length === 0 ? [[own]] : inGroups(others, PROJECTS_A_REQUEST).map((ids) => [own, ...ids]);
}
