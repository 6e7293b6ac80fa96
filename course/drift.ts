import { z } from "zod";
import {
  ASSOCIATION,
  ATTACHMENT,
  type CloudView,
  type Describe,
  FLOATING_IP,
  INSTANCE,
  type KnownResource,
  type KnownStack,
  PORT,
  PROJECT,
  SECURITY_GROUP,
} from "./cloudView.ts";
import { cloudResources, thingOf } from "./knownResources.ts";
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
}

/**
 * What somebody has deleted or changed past Pulumi, as far as one listing of the cloud tells. What went with something else – the rules of
 * a group, the subnets of a network – is not told of again.
 *
 * @param student whose stack it is; undefined for the class stack
 */
export function driftOf(stack: KnownStack, student: string | undefined, cloud: CloudView, describe: Describe): Drift[] {
  const resources = cloudResources(stack);
  const gone = resources.filter(({ type, id }) => cloud.has(type, id, student) === false);
  const told = (resource: KnownResource, kind: Drift["kind"], how: string): Drift => {
    const { type, id } = resource;
    return { kind, object: describe(thingOf(resource)), how, type, id };
  };
  const project = gone.find(({ type }) => type === PROJECT);
  if (project !== undefined) return [told(project, "deleted", "was deleted by hand, with what was in it")];
  const goneIds = new Set(gone.map(({ id }) => id));
  const deleted = gone.filter((resource) => resource.type !== ASSOCIATION && !isImplied(resource, goneIds));
  return [
    ...deleted.map((resource) =>
      resource.type === ATTACHMENT
        ? told(resource, "changed", "is no longer attached")
        : told(resource, "deleted", "was deleted by hand"),
    ),
    ...resources.flatMap((resource) =>
      gone.includes(resource) && resource.type !== ASSOCIATION
        ? []
        : changesOf(resource, student, cloud, goneIds).map((how) => told(resource, "changed", how)),
    ),
  ];
}

/** Inputs that hold the id of what a thing cannot outlive. */
const GOES_WITH: Record<string, readonly string[]> = {
  "openstack:networking/subnet:Subnet": ["networkId"],
  [PORT]: ["networkId"],
  "openstack:networking/routerInterface:RouterInterface": ["routerId", "subnetId"],
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

function changesOf(
  resource: KnownResource,
  student: string | undefined,
  cloud: CloudView,
  goneIds: ReadonlySet<string>,
): string[] {
  if (resource.type === ASSOCIATION) return associationChanges(resource, student, cloud, goneIds);
  const { type, id } = resource;
  const thing = cloud.byId(type, id, student);
  if (type === INSTANCE && thing?.instance !== undefined) return instanceChanges(resource, thing.instance);
  if (type === PORT && thing?.port !== undefined)
    return [...fixedIpChanges(resource, thing.port), ...groupChanges(resource, thing.port, student, cloud)];
  return [];
}

function associationChanges(
  resource: KnownResource,
  student: string | undefined,
  cloud: CloudView,
  goneIds: ReadonlySet<string>,
): string[] {
  const portId = textOf(resource, "portId");
  const floatingIp = cloud.byId(FLOATING_IP, resource.id, student)?.floatingIp;
  // Where the address or its port are gone, nothing can lead there.
  if (floatingIp === undefined || portId === undefined || goneIds.has(portId)) return [];
  if (floatingIp.portId === undefined) return ["leads nowhere"];
  return floatingIp.portId === portId ? [] : [`leads to another port (${floatingIp.portId})`];
}

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

function fixedIpChanges(resource: KnownResource, { fixedIps }: Port): string[] {
  const before = presentFixedIp(resource);
  const now = fixedIps.map(({ address }) => address);
  if (before === undefined || now.includes(before)) return [];
  return [
    now.length === 0 ? `has lost its fixed IP ${before}` : `has the fixed IP ${now.join(", ")} instead of ${before}`,
  ];
}

const idsSchema = z.array(z.string());

function groupChanges(
  resource: KnownResource,
  { securityGroupIds: now }: Port,
  student: string | undefined,
  cloud: CloudView,
): string[] {
  const before = idsSchema.safeParse(resource.inputs["securityGroupIds"]).data;
  if (before === undefined || now === undefined || sameSet(before, now)) return [];
  const named = (ids: readonly string[]) =>
    ids.length === 0 ? "none" : ids.map((id) => cloud.byId(SECURITY_GROUP, id, student)?.name ?? id).join(", ");
  return [`has the security groups ${named(now)} instead of ${named(before)}`];
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each) => other.includes(each));
}
