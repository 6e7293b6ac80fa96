import type { KnownResource, KnownStack } from "../../course/cloudView.ts";
import type { CloudObject } from "../../openstack/cloudObject.ts";
import { Inventory, type InventoryGap } from "../../openstack/inventory.ts";

/** Pulumi's type tokens by the short names of these tests. */
export const TYPES = {
  project: "openstack:identity/project:Project",
  keypair: "openstack:compute/keypair:Keypair",
  network: "openstack:networking/network:Network",
  subnet: "openstack:networking/subnet:Subnet",
  router: "openstack:networking/router:Router",
  interface: "openstack:networking/routerInterface:RouterInterface",
  group: "openstack:networking/secGroup:SecGroup",
  rule: "openstack:networking/secGroupRule:SecGroupRule",
  port: "openstack:networking/port:Port",
  floatingIp: "openstack:networking/floatingIp:FloatingIp",
  instance: "openstack:compute/instance:Instance",
} as const;
export type Kind = keyof typeof TYPES;

/** A resource in the state of a student's stack of the course net101. */
export function known(
  kind: Kind,
  name: string,
  id: string,
  {
    inputs = {},
    outputs = {},
    student = "kim",
  }: Partial<Pick<KnownResource, "inputs" | "outputs">> & { student?: string } = {},
): KnownResource {
  const urn = `urn:pulumi:net101.${student}::classroom::classroom:index:X$${TYPES[kind]}::net101-${student}-${name}`;
  return { urn, type: TYPES[kind], id, inputs, outputs, initErrors: [] };
}

/** What the state of a student has, whose instance web1 is complete. */
export function kimsResources(student = "kim"): KnownResource[] {
  const of = (kind: Kind, name: string, id: string, inputs = {}, outputs = {}) =>
    known(kind, name, `${student}-${id}`, { inputs, outputs, student });
  const id = (short: string) => `${student}-${short}`;
  return [
    of("project", "project-project", "project", { name: `net101-${student}` }),
    of("keypair", "key-keypair", "key", { name: id("key") }),
    of("network", "lan-network", "net", { name: "lan" }),
    of("subnet", "lan-subnet", "subnet", { name: "lan", networkId: id("net") }),
    of("router", "router-router", "router", { name: "router" }),
    of("interface", "router-lan-interface", "interface", { routerId: id("router"), subnetId: id("subnet") }),
    of("group", "web-group", "group", { name: "web" }),
    of("rule", "web-http-rule", "rule", { securityGroupId: id("group"), description: "http" }),
    of(
      "port",
      "web1-port",
      "port",
      { name: "web1-port", networkId: id("net"), securityGroupIds: [id("group")] },
      { allFixedIps: ["192.168.10.5"] },
    ),
    of(
      "floatingIp",
      "web1-floating-ip",
      "fip",
      { description: "web1", portId: id("port") },
      { address: "203.0.113.7" },
    ),
    of(
      "instance",
      "web1-instance",
      "vm",
      {
        ...{ name: "web1", flavorId: "small", imageId: "debian", keyPair: id("key") },
        networks: [{ port: id("port") }],
      },
      { networks: [{ port: id("port"), fixedIpV4: "192.168.10.5" }] },
    ),
  ];
}

export function kimsStack(change: Partial<KnownStack> = {}, student = "kim"): KnownStack {
  return {
    stack: `net101.${student}`,
    resources: kimsResources(student),
    pending: [],
    outputs: { student: { id: student }, instances: { web1: { url: "http://203.0.113.7/" } } },
    ...change,
  };
}

const TAGS = { course: "net101", "managed-by": "classroom" };

/** One thing in the cloud. */
export function inCloud(kind: Kind, id: string, change: Partial<CloudObject> = {}): CloudObject {
  return {
    service: "network",
    ...{ type: TYPES[kind], id, name: id, student: "kim", tags: { ...TAGS, student: "kim" } },
    ...{ automatic: false, because: "tag" },
    ...change,
  };
}

/** The same things in the cloud, as they should be. */
export function kimsThings(student = "kim"): CloudObject[] {
  const id = (short: string) => `${student}-${short}`;
  const tags = { ...TAGS, student };
  const of = (kind: Kind, short: string, change: Partial<CloudObject> = {}) =>
    inCloud(kind, id(short), { student, tags, ...change });
  const untagged = { tags: {}, because: "project" } as const;
  return [
    of("project", "project", { service: "identity" }),
    of("keypair", "key", { service: "compute", ...untagged }),
    of("network", "net"),
    of("subnet", "subnet", { partOf: id("net") }),
    of("router", "router"),
    of("interface", "interface", { ...untagged, partOf: id("router") }),
    of("group", "group", { name: "web" }),
    of("rule", "rule", { ...untagged, partOf: id("group") }),
    of("port", "port", {
      port: {
        ...{ deviceOwner: "compute:nova", deviceId: id("vm"), networkId: id("net"), securityGroupIds: [id("group")] },
        fixedIps: [{ subnetId: id("subnet"), address: "192.168.10.5" }],
      },
    }),
    of("floatingIp", "fip", { name: "", floatingIp: { address: "203.0.113.7", portId: id("port") } }),
    of("instance", "vm", {
      ...{ service: "compute", name: "web1", status: "ACTIVE" },
      instance: {
        ...{ addresses: [], volumeIds: [], imageId: "debian", flavorId: "small", keyPairName: id("key") },
      },
    }),
  ];
}

/** A listing of the cloud. */
export function cloudOf(things: readonly CloudObject[], gaps: readonly InventoryGap[] = []): Inventory {
  return new Inventory(things, gaps);
}

/** Kim's cloud with one thing otherwise. */
export function cloudWith(kind: Kind, change: Partial<CloudObject>, student = "kim"): Inventory {
  return cloudOf(kimsThings(student).map((thing) => (thing.type === TYPES[kind] ? { ...thing, ...change } : thing)));
}

/** Kim's cloud without some things. */
export function cloudWithout(...kinds: Kind[]): Inventory {
  const types: string[] = kinds.map((kind) => TYPES[kind]);
  return cloudOf(kimsThings().filter(({ type }) => !types.includes(type)));
}
