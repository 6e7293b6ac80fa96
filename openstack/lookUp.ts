import { z } from "zod";
import { unlessGone } from "./apiError.ts";
import type { Service, Session } from "./session.ts";

/** A resource that Pulumi is about to create, or had begun to. */
export interface WantedResource {
  /** Pulumi's type token. */
  type: string;
  inputs: Readonly<Record<string, unknown>>;
  /** Whether an update that did not end had begun it: then the name alone is proof enough for what takes no tag. @default false */
  begun?: boolean;
}

/** Whose it would be. */
export interface Whose {
  projectId: string;
  /** The user whose key pairs they are. */
  userId: string | undefined;
  /** Something of another course is not ours, whatever its name. */
  course: string;
}

type Query = Record<string, unknown>;
interface NetworkListing {
  /** Below `/v2.0/`; the answer's key is its last part with underscores. */
  path: string;
  query: (inputs: Query) => Query;
}

const byName = ({ name }: Query): Query => ({ name });
const inNetwork = ({ name, networkId: network_id }: Query): Query => ({ name, network_id });

/** What Neutron lists, by what tells one from another. What is made twice without a complaint is looked for before it is made again. */
const NETWORK: Record<string, NetworkListing> = {
  "openstack:networking/network:Network": { path: "networks", query: byName },
  "openstack:networking/subnet:Subnet": { path: "subnets", query: inNetwork },
  "openstack:networking/port:Port": { path: "ports", query: inNetwork },
  "openstack:networking/router:Router": { path: "routers", query: byName },
  "openstack:networking/secGroup:SecGroup": { path: "security-groups", query: byName },
  "openstack:networking/floatingIp:FloatingIp": { path: "floatingips", query: ({ description }) => ({ description }) },
  "openstack:networking/routerInterface:RouterInterface": {
    path: "ports",
    query: ({ routerId, subnetId }) => ({ device_id: routerId, fixed_ips: `subnet_id=${String(subnetId)}` }),
  },
  "openstack:networking/secGroupRule:SecGroupRule": {
    path: "security-group-rules",
    query: ({ securityGroupId, description, direction }) => ({
      ...{ security_group_id: securityGroupId, description, direction },
    }),
  },
  "openstack:vpnaas/service:Service": { path: "vpn/vpnservices", query: byName },
  "openstack:vpnaas/ikePolicy:IkePolicy": { path: "vpn/ikepolicies", query: byName },
  "openstack:vpnaas/ipSecPolicy:IpSecPolicy": { path: "vpn/ipsecpolicies", query: byName },
  "openstack:vpnaas/endpointGroup:EndpointGroup": { path: "vpn/endpoint-groups", query: byName },
  "openstack:vpnaas/siteConnection:SiteConnection": { path: "vpn/ipsec-site-connections", query: byName },
  "openstack:firewall/groupV2:GroupV2": { path: "fwaas/firewall_groups", query: byName },
  "openstack:firewall/policyV2:PolicyV2": { path: "fwaas/firewall_policies", query: byName },
  "openstack:firewall/ruleV2:RuleV2": { path: "fwaas/firewall_rules", query: byName },
};

/**
 * The id of what is in the cloud already although Pulumi's state does not know it: an update that was killed, or whose answer was lost,
 * had made it. Undefined when there is none, when there are two (then nobody can say which), and for what can be made twice without harm
 * (quotas, roles, associations, containers).
 */
export async function lookUp(session: Session, wanted: WantedResource, whose: Whose): Promise<string | undefined> {
  const listing = NETWORK[wanted.type];
  if (listing !== undefined) return lookUpNetwork(session, listing, wanted.inputs, whose);
  const other = OTHERS[wanted.type] ?? (wanted.begun === true ? UNTAGGED[wanted.type] : undefined);
  return other === undefined ? undefined : other(session, wanted.inputs, whose);
}

const itemSchema = z.object({ id: z.string(), tags: z.array(z.string()).default([]) });

async function lookUpNetwork(
  session: Session,
  { path, query }: NetworkListing,
  inputs: Query,
  { projectId, course }: Whose,
): Promise<string | undefined> {
  const filters = textsOf(query(inputs));
  if (filters === undefined) return undefined;
  const search = new URLSearchParams({ ...filters, project_id: projectId });
  const key = (path.split("/").at(-1) ?? "").replaceAll("-", "_").replace(/^vpn_/, "");
  const answer = await unlessGone(
    session.request("network", "GET", `/v2.0/${path}?${search.toString()}`, z.record(z.string(), z.array(itemSchema))),
  );
  return only((answer?.[key] ?? []).filter(({ tags }) => !ofAnotherCourse(tags, course)));
}

type LookUp = (session: Session, inputs: Query, whose: Whose) => Promise<string | undefined>;

const OTHERS: Record<string, LookUp> = {
  "openstack:identity/project:Project": (session, { name }, { course }) =>
    list(session, "identity", "/v3/projects", "projects", { name }, ({ tags }) => !ofAnotherCourse(tags, course)),
  "openstack:identity/user:User": (session, { name }) => list(session, "identity", "/v3/users", "users", { name }),
  "openstack:compute/instance:Instance": (session, { name }, { projectId }) =>
    // Nova takes a regular expression.
    list(session, "compute", "/servers/detail", "servers", {
      ...{ name: `^${escaped(name)}$`, project_id: projectId, all_tenants: "1" },
    }),
  "openstack:blockstorage/volume:Volume": (session, { name }, { projectId }) =>
    list(session, "volume", "/volumes/detail", "volumes", { name, project_id: projectId, all_tenants: "1" }),
  "openstack:loadbalancer/loadBalancer:LoadBalancer": (session, { name }, { projectId }) =>
    list(session, "load-balancer", "/v2.0/lbaas/loadbalancers", "loadbalancers", { name, project_id: projectId }),
  "openstack:images/image:Image": (session, { name }, { course }) =>
    list(session, "image", "/v2/images", "images", { name }, ({ tags }) => !ofAnotherCourse(tags, course)),
  "openstack:compute/keypair:Keypair": lookUpKeyPair,
  "openstack:compute/volumeAttach:VolumeAttach": lookUpAttachment,
};

/** Of the whole class. A flavor of this name may be anybody's, unless it was we who began to make it. */
const UNTAGGED: Record<string, LookUp> = {
  "openstack:compute/flavor:Flavor": (session, { name }) =>
    listNamed(session, "compute", "/flavors/detail?is_public=None", "flavors", name),
  "openstack:compute/aggregateV2:AggregateV2": (session, { name }) =>
    listNamed(session, "compute", "/os-aggregates", "aggregates", name),
  "openstack:identity/groupV3:GroupV3": (session, { name }) =>
    listNamed(session, "identity", "/v3/groups", "groups", name),
};

async function listNamed(session: Session, service: Service, path: string, key: string, name: unknown) {
  const item = z.object({ id: z.union([z.string(), z.number()]).transform(String), name: z.string() });
  const answer = await session.request(service, "GET", path, z.looseObject({ [key]: z.array(item) }));
  return only(
    z
      .array(item)
      .parse(answer[key])
      .filter((each) => each.name === name),
  );
}

async function list(
  session: Session,
  service: Service,
  path: string,
  key: string,
  query: Query,
  isOurs: (item: z.output<typeof itemSchema>) => boolean = () => true,
): Promise<string | undefined> {
  const filters = textsOf(query);
  if (filters === undefined || !session.hasService(service)) return undefined;
  const search = new URLSearchParams(filters).toString();
  // Nova's instances have their tags only in later versions of its API.
  const schema = z.looseObject({ [key]: z.array(itemSchema) });
  const answer = await session.request(service, "GET", `${path}?${search}`, schema);
  return only(z.array(itemSchema).parse(answer[key]).filter(isOurs));
}

async function lookUpKeyPair(session: Session, { name }: Query, { userId }: Whose): Promise<string | undefined> {
  if (typeof name !== "string" || userId === undefined) return undefined;
  const path = `/os-keypairs/${encodeURIComponent(name)}?user_id=${userId}`;
  const schema = z.object({ keypair: z.object({ name: z.string() }) });
  // Since 2.10 an administrator may ask for another user's.
  return (await unlessGone(session.request("compute", "GET", path, schema, { microversion: "2.10" })))?.keypair.name;
}

async function lookUpAttachment(session: Session, { instanceId, volumeId }: Query): Promise<string | undefined> {
  const ids = textsOf({ instanceId, volumeId });
  if (ids === undefined) return undefined;
  const schema = z.object({ volumeAttachments: z.array(z.object({ id: z.string(), volumeId: z.string() })) });
  const path = `/servers/${ids["instanceId"] ?? ""}/os-volume_attachments`;
  const answer = await unlessGone(session.request("compute", "GET", path, schema));
  const found = answer?.volumeAttachments.find((each) => each.volumeId === ids["volumeId"]);
  return found === undefined ? undefined : `${ids["instanceId"] ?? ""}/${found.id}`;
}

/**
 * What Pulumi shows in place of a value that is not known yet.
 * https://github.com/pulumi/pulumi/blob/pkg/v3.259.0/sdk/go/common/resource/plugin/rpc.go
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Undefined when something is not known yet: then nothing can have been made of it. */
function textsOf(query: Query): Record<string, string> | undefined {
  const entries = Object.entries(query).flatMap(([key, value]) =>
    typeof value === "string" && value !== "" && !value.includes(UNKNOWN) && !value.includes("undefined")
      ? [[key, value] as const]
      : [],
  );
  return entries.length === Object.keys(query).length ? Object.fromEntries(entries) : undefined;
}

function only(items: readonly { id: string }[]): string | undefined {
  return items.length === 1 ? items[0]?.id : undefined;
}

function ofAnotherCourse(tags: readonly string[], course: string): boolean {
  return tags.some((tag) => tag.startsWith("course:")) && !tags.includes(`course:${course}`);
}

function escaped(name: unknown): string {
  return typeof name === "string" ? name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : UNKNOWN;
}
