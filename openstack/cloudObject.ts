import type { Service } from "./session.ts";

/** How an object is known to be the course's: what it says of itself, whose project it is in, what it is part of, or only its name. */
export type Evidence = "tag" | "project" | "part" | "name";

/** One thing in the cloud that a course, its students or the cloud itself for them have made. */
export interface CloudObject extends SeenObject {
  /** Undefined for what the whole class shares. */
  student?: string;
  /** `name` is the weakest: another course's student may have chosen it. */
  because: Evidence;
}

/** What a service lists, before it is known whose it is. */
export interface SeenObject {
  service: Service;
  /** Token of the Pulumi resource that manages it, e.g. `openstack:networking/port:Port`; those of {@link UNMANAGED} have none. */
  type: string;
  /** As Pulumi's state has it: of a key pair and a container the name, of a router interface its port's id. */
  id: string;
  /** Empty for what has none, such as a floating IP. */
  name: string;
  /** Undefined for what belongs to no project: projects, users, flavors, key pairs. */
  projectId?: string;
  /** Of a key pair: whose it is. */
  userId?: string;
  /** From Neutron's, Keystone's and Octavia's tags and Nova's, Cinder's and Glance's metadata: `course`, `student`, `managed-by`. */
  tags: Record<string, string>;
  /** Id of what it is part of and goes with: of a rule its group, of a router interface its router, of a floating IP its port. */
  partOf?: string;
  /** Made by the cloud itself: a DHCP port, the group `default`, the volume of an instance. It goes when its owner goes. */
  automatic: boolean;
  /** In the service's own words, e.g. `ACTIVE`, `in-use`. */
  status?: string;
  /** What Nova is about with an instance, e.g. `powering-off`. */
  task?: string;
  /** Why it is in error, as far as the service says. */
  fault?: string;
  /** ISO 8601, as the service writes it. */
  createdAt?: string;
  instance?: InstanceDetails;
  port?: PortDetails;
  floatingIp?: FloatingIpDetails;
}

export interface InstanceDetails {
  addresses: { network: string; address: string; kind: "fixed" | "floating" }[];
  /** Undefined when it boots from a volume. */
  imageId?: string;
  flavorId?: string;
  /** Shown to administrators only. */
  host?: string;
  keyPairName?: string;
  volumeIds: string[];
}

export interface PortDetails {
  /** e.g. `compute:nova`; empty when nothing uses it. */
  deviceOwner: string;
  deviceId: string;
  networkId: string;
  fixedIps: { subnetId: string; address: string }[];
  /** What lets traffic to it; undefined when Neutron does not say. */
  securityGroupIds?: string[];
}

export interface FloatingIpDetails {
  address: string;
  /** Undefined when it leads nowhere. */
  portId?: string;
}

/** What the provider has no resource for: types of our own, so that everything has one. */
export const UNMANAGED = {
  snapshot: "openstack:blockstorage/snapshot:Snapshot",
  backup: "openstack:blockstorage/backup:Backup",
  addressGroup: "openstack:networking/addressGroup:AddressGroup",
} as const;

/** `course:net101` as tags are, as key and value. */
export function tagEntries(tags: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    tags.map((tag) => {
      const colon = tag.indexOf(":");
      return colon < 0 ? [tag, ""] : [tag.slice(0, colon), tag.slice(colon + 1)];
    }),
  );
}

/** For people: `instance vm1 (6ee120c2-…)`. */
export function describeObject({ type, name, id }: Pick<SeenObject, "type" | "name" | "id">): string {
  const kind = KIND_WORDS[type] ?? type.replace(/^.*:/, "");
  return name === "" || name === id ? `${kind} ${id}` : `${kind} ${name} (${id})`;
}

/** Whether objects of this type are listed at all. */
export function isKnownType(type: string): boolean {
  return Object.hasOwn(KIND_WORDS, type);
}

const KIND_WORDS: Record<string, string> = {
  "openstack:identity/project:Project": "project",
  "openstack:identity/user:User": "user",
  "openstack:identity/groupV3:GroupV3": "user group",
  "openstack:compute/instance:Instance": "instance",
  "openstack:compute/keypair:Keypair": "key pair",
  "openstack:compute/flavor:Flavor": "flavor",
  "openstack:compute/aggregateV2:AggregateV2": "host aggregate",
  "openstack:compute/serverGroup:ServerGroup": "server group",
  "openstack:networking/network:Network": "network",
  "openstack:networking/subnet:Subnet": "subnet",
  "openstack:networking/subnetPool:SubnetPool": "subnet pool",
  "openstack:networking/router:Router": "router",
  "openstack:networking/routerInterface:RouterInterface": "router interface",
  "openstack:networking/port:Port": "port",
  "openstack:networking/floatingIp:FloatingIp": "floating IP",
  "openstack:networking/secGroup:SecGroup": "security group",
  "openstack:networking/secGroupRule:SecGroupRule": "security group rule",
  "openstack:networking/trunk:Trunk": "trunk",
  "openstack:networking/addressGroup:AddressGroup": "address group",
  "openstack:vpnaas/service:Service": "VPN service",
  "openstack:vpnaas/siteConnection:SiteConnection": "VPN connection",
  "openstack:vpnaas/endpointGroup:EndpointGroup": "VPN endpoint group",
  "openstack:vpnaas/ikePolicy:IkePolicy": "IKE policy",
  "openstack:vpnaas/ipSecPolicy:IpSecPolicy": "IPsec policy",
  "openstack:firewall/groupV2:GroupV2": "firewall group",
  "openstack:firewall/policyV2:PolicyV2": "firewall policy",
  "openstack:firewall/ruleV2:RuleV2": "firewall rule",
  "openstack:loadbalancer/loadBalancer:LoadBalancer": "load balancer",
  "openstack:loadbalancer/listener:Listener": "listener",
  "openstack:loadbalancer/pool:Pool": "pool",
  "openstack:loadbalancer/member:Member": "pool member",
  "openstack:loadbalancer/monitor:Monitor": "health monitor",
  "openstack:loadbalancer/l7PolicyV2:L7PolicyV2": "L7 policy",
  "openstack:blockstorage/volume:Volume": "volume",
  [UNMANAGED.snapshot]: "volume snapshot",
  [UNMANAGED.backup]: "volume backup",
  "openstack:objectstorage/container:Container": "container",
  "openstack:objectstorage/containerObject:ContainerObject": "object",
  "openstack:images/image:Image": "image",
};
