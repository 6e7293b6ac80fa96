import { z } from "zod";
import type { CloudView, Describe, KnownResource, KnownStack } from "./cloudView.ts";
import { cloudResources, thingOf } from "./knownResources.ts";
import {
  ATTACHMENT,
  FLOATING_IP,
  INSTANCE,
  PORT,
  PROJECT,
  ROUTER_INTERFACE,
  SECURITY_GROUP,
  SUBNET,
} from "./resourceTypes.ts";
import { presentFixedIp, textOf } from "./stateValues.ts";

/** One thing that is not in the cloud as the state has it. */
export interface Drift {
  kind: "deleted" | "changed";
  /** For people: `security group web (b53e1936-…)`. */
  object: string;
  /** What is different, as the end of a sentence that begins with the object. */
  how: string;
  /** Pulumi's type token. */
  type: string;
  id: string;
  /**
   * What the openstack client is given to set it right, where an update does not see it: the provider does not read it back.
   * https://github.com/terraform-provider-openstack/terraform-provider-openstack/issues/552
   */
  unseenByUpdate?: string;
}

/** What differs, and what the openstack client is given where an update does not see it. */
type Change = Pick<Drift, "how" | "unseenByUpdate">;

/**
 * What somebody has deleted or changed past Pulumi, as far as one listing of the cloud tells. What went with something else – the rules of
 * a group, the subnets of a network – is not told of again.
 *
 * @param student whose stack it is; undefined for the class stack
 */
export function driftOf(stack: KnownStack, student: string | undefined, cloud: CloudView, describe: Describe): Drift[] {
  const resources = cloudResources(stack);
  const gone = resources.filter(({ type, id }) => cloud.has(type, id, student) === false);
  const told = (resource: KnownResource, kind: Drift["kind"], change: Change): Drift => {
    const { type, id } = resource;
    return { kind, object: describe(thingOf(resource)), type, id, ...change };
  };
  const project = gone.find(({ type }) => type === PROJECT);
  if (project !== undefined) return [told(project, "deleted", { how: "was deleted by hand, with what was in it" })];
  const goneIds = new Set(gone.map(({ id }) => id));
  const deleted = gone.filter((resource) => !isImplied(resource, goneIds));
  return [
    ...deleted.map((resource) =>
      resource.type === ATTACHMENT
        ? told(resource, "changed", { how: "is no longer attached" })
        : told(resource, "deleted", { how: "was deleted by hand" }),
    ),
    ...resources.flatMap((resource) =>
      gone.includes(resource)
        ? []
        : changesOf(resource, { resources, student, cloud, goneIds }).map((how) => told(resource, "changed", how)),
    ),
  ];
}

/** Inputs that hold the id of what a thing cannot outlive. */
const GOES_WITH: Record<string, readonly string[]> = {
  [SUBNET]: ["networkId"],
  [PORT]: ["networkId"],
  [ROUTER_INTERFACE]: ["routerId", "subnetId"],
  "openstack:networking/secGroupRule:SecGroupRule": ["securityGroupId", "remoteGroupId"],
  [ATTACHMENT]: ["instanceId", "volumeId"],
  "openstack:objectstorage/containerObject:ContainerObject": ["containerName"],
  "openstack:loadbalancer/listener:Listener": ["loadbalancerId"],
  "openstack:loadbalancer/pool:Pool": ["loadbalancerId", "listenerId"],
  "openstack:loadbalancer/member:Member": ["poolId"],
  "openstack:loadbalancer/monitor:Monitor": ["poolId"],
};

function isImplied(resource: KnownResource, goneIds: ReadonlySet<string>): boolean {
  return (GOES_WITH[resource.type] ?? []).some((input) => goneIds.has(textOf(resource, input) ?? ""));
}

/** What a resource is compared with. */
interface Surroundings {
  resources: readonly KnownResource[];
  student: string | undefined;
  cloud: CloudView;
  goneIds: ReadonlySet<string>;
}

function changesOf(resource: KnownResource, around: Surroundings): Change[] {
  const { type, id } = resource;
  const thing = around.cloud.byId(type, id, around.student);
  if (type === FLOATING_IP && thing?.floatingIp !== undefined)
    return portChanges(resource, thing.floatingIp, around).map((how) => ({ how }));
  if (type === INSTANCE && thing?.instance !== undefined)
    return instanceChanges(resource, thing.instance).map((how) => ({ how }));
  if (type === PORT && thing?.port !== undefined)
    return [...fixedIpChanges(resource, thing.port), ...groupChanges(resource, thing.port, around)];
  return [];
}

function portChanges(resource: KnownResource, { portId: now }: FloatingIp, { goneIds }: Surroundings): string[] {
  const before = textOf(resource, "portId");
  // Where the port is gone, nothing can lead there.
  if (before === undefined || goneIds.has(before)) return [];
  if (now === undefined) return ["leads nowhere"];
  return now === before ? [] : [`leads to another port (${now})`];
}

type FloatingIp = NonNullable<NonNullable<ReturnType<CloudView["byId"]>>["floatingIp"]>;
type Instance = NonNullable<NonNullable<ReturnType<CloudView["byId"]>>["instance"]>;
type Port = NonNullable<NonNullable<ReturnType<CloudView["byId"]>>["port"]>;

function instanceChanges(resource: KnownResource, { imageId, flavorId, keyPairName }: Instance): string[] {
  const compare = (what: string, input: string, now: string | undefined) => {
    const before = textOf(resource, input);
    return before === undefined || now === undefined || before === now
      ? []
      : [`has ${what} ${now} instead of ${before}`];
  };
  return [
    ...compare("the flavor", "flavorId", flavorId),
    // One that boots from a volume has no image.
    ...compare("the image", "imageId", imageId),
    ...compare("the key pair", "keyPair", keyPairName),
  ];
}

const fixedIpsSchema = z.array(z.looseObject({ subnetId: z.string() }));

function fixedIpChanges(resource: KnownResource, { fixedIps }: Port): Change[] {
  const before = presentFixedIp(resource);
  const now = fixedIps.map(({ address }) => address);
  if (before === undefined || now.includes(before)) return [];
  const subnet = fixedIpsSchema.safeParse(resource.inputs["fixedIps"]).data?.[0]?.subnetId;
  const part = `${subnet === undefined ? "" : `subnet=${subnet},`}ip-address=${before}`;
  return [
    {
      how:
        now.length === 0
          ? `has lost its fixed IP ${before}`
          : `has the fixed IP ${now.join(", ")} instead of ${before}`,
      unseenByUpdate: `port set --no-fixed-ip --fixed-ip ${part} ${resource.id}`,
    },
  ];
}

const idsSchema = z.array(z.string());

function groupChanges(
  resource: KnownResource,
  { securityGroupIds: now }: Port,
  { resources, student, cloud, goneIds }: Surroundings,
): Change[] {
  const before = idsSchema.safeParse(resource.inputs["securityGroupIds"]).data;
  if (before === undefined || now === undefined || sameSet(before, now)) return [];
  const nameOf = (id: string) => {
    const ours = resources.find((each) => each.type === SECURITY_GROUP && each.id === id);
    return ours === undefined ? (cloud.byId(SECURITY_GROUP, id, student)?.name ?? id) : thingOf(ours).name;
  };
  const named = (ids: readonly string[]) => (ids.length === 0 ? "none" : ids.map(nameOf).join(", "));
  const groups = before.map((id) => ` --security-group ${id}`).join("");
  return [
    {
      how: `has the security groups ${named(now)} instead of ${named(before)}`,
      // A group that is made again has another id, which an update then gives to the port.
      ...(before.some((id) => goneIds.has(id))
        ? {}
        : { unseenByUpdate: `port set --no-security-group${groups} ${resource.id}` }),
    },
  ];
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each) => other.includes(each));
}
