import type { ResourceChange } from "./resourceChange.ts";
import {
  COMMAND,
  CONTAINER,
  FLAVOR,
  FLOATING_IP,
  IMAGE,
  INSTANCE,
  KEY_PAIR,
  NETWORK,
  PORT,
  PROJECT,
  ROUTER,
  ROUTER_INTERFACE,
  SECURITY_GROUP,
  SUBNET,
  USER,
  VOLUME,
} from "./resourceTypes.ts";
import { askedFixedIp, textOf } from "./stateValues.ts";

const OF_NETWORK = [NETWORK, SUBNET];
const OF_PORT = [PORT, ROUTER_INTERFACE];

/** Inputs that name another resource: when that one is replaced, it is the cause. */
const REFERENCES = new Map<string, readonly string[]>(
  Object.entries({
    networkId: OF_NETWORK,
    externalNetworkId: OF_NETWORK,
    pool: OF_NETWORK,
    subnetId: OF_NETWORK,
    vipSubnetId: OF_NETWORK,
    fixedIps: OF_NETWORK,
    networks: [PORT],
    portId: OF_PORT,
    ports: OF_PORT,
    floatingIp: [FLOATING_IP],
    instanceId: [INSTANCE],
    volumeId: [VOLUME],
    blockDevices: [VOLUME],
    environment: [VOLUME],
    triggers: [VOLUME],
    snapshotId: [COMMAND],
    routerId: [ROUTER],
    securityGroupId: [SECURITY_GROUP],
    securityGroupIds: [SECURITY_GROUP],
    keyPair: [KEY_PAIR],
    imageId: [IMAGE],
    flavorId: [FLAVOR],
    projectId: [PROJECT],
    tenantId: [PROJECT],
    userId: [USER],
    containerName: [CONTAINER],
  }),
);

/** Words for inputs; of the others the name itself is taken apart: `dnsNameservers` is `dns nameservers changed`. */
const WORDS = new Map<string, string>(
  Object.entries({
    userData: "user data changed",
    imageId: "image changed",
    imageName: "image changed",
    flavorId: "flavor changed",
    flavorName: "flavor changed",
    keyPair: "key pair changed",
    publicKey: "public key changed",
    networks: "its networks changed",
    blockDevices: "boot volume changed",
    availabilityZone: "availability zone changed",
    powerState: "power state changed",
    securityGroupIds: "security groups changed",
    dnsNameservers: "name servers changed",
    ram: "memory of the flavor changed",
    vcpus: "vCPUs of the flavor changed",
    disk: "disk of the flavor changed",
    properties: "image file changed",
    localFilePath: "image file changed",
    imageSourceUrl: "image file changed",
    content: "its text changed",
    source: "its file changed",
    metadata: "metadata changed",
    portId: "floating IP leads to another instance",
    instanceId: "moved to another instance",
    snapshotId: "its snapshot changed",
    password: "password changed",
    externalNetworkId: "the network outside changed",
    pool: "the network outside changed",
  }),
);

/**
 * Why something happens, by its root: an instance that is replaced because its key pair is, because its public key changed, has that as
 * its cause. Empty where the lab simply has something more or less.
 */
export function causesOf(change: ResourceChange, all: readonly ResourceChange[]): string[] {
  return [...new Set(collect(change, all, new Set()))];
}

function collect(change: ResourceChange, all: readonly ResourceChange[], seen: Set<string>): string[] {
  if (seen.has(change.urn)) return [];
  seen.add(change.urn);
  if (change.drift === "deleted") return change.action === "create" ? ["deleted by hand"] : [];
  if (change.leftover) return ["left by an interrupted run"];
  if (change.action !== "update" && change.action !== "replace") return [];
  if (change.changed.length === 0) return change.action === "replace" ? ["asked for"] : [];
  const byHand = change.drift.filter((input) => change.changed.includes(input));
  const own = inputsThatDecide(change).flatMap((input) => {
    if (byHand.includes(input)) return [`${nounOf(input)} changed by hand`];
    const from = referents(change, input, all);
    return from.length > 0 ? from.flatMap((other) => collect(other, all, seen)) : valueWords(change, input);
  });
  return own;
}

/** Of a replaced resource the inputs that replace it; what changes besides is no cause. */
function inputsThatDecide({ action, changed, replacing }: ResourceChange): string[] {
  return action === "replace" && replacing.length > 0 ? replacing : changed;
}

/** The replaced (or freshly remade) resources that an input names; those of the same component before others. */
function referents(change: ResourceChange, input: string, all: readonly ResourceChange[]): ResourceChange[] {
  const types = REFERENCES.get(input) ?? [];
  if (input === "fixedIps" && askedFixedIp(change.old) !== askedFixedIp(change.new) && sameSubnet(change)) return [];
  const remade = all.filter(
    (other) =>
      other !== change &&
      types.includes(other.type) &&
      (other.action === "replace" || (other.action === "create" && other.drift === "deleted")),
  );
  const before = JSON.stringify(change.old?.inputs[input] ?? "");
  const named = remade.filter(({ old }) => old?.id !== undefined && old.id !== "" && before.includes(old.id));
  if (named.length > 0) return named;
  const siblings = remade.filter(({ parent }) => parent.name !== "" && parent.name === change.parent.name);
  return siblings.length > 0 ? siblings : remade;
}

/** Whether it only follows from another resource's change. */
export function isCascade(change: ResourceChange, all: readonly ResourceChange[]): boolean {
  return inputsThatDecide(change).some((input) => referents(change, input, all).length > 0);
}

function sameSubnet({ changedPaths }: ResourceChange): boolean {
  return !changedPaths.some((path) => path.includes("subnetId"));
}

function valueWords(change: ResourceChange, input: string): string[] {
  const { old, new: after, type } = change;
  if (input === "fixedIps") {
    const [before, wanted] = [askedFixedIp(old), askedFixedIp(after)];
    return [
      before === undefined || wanted === undefined || before === wanted
        ? "fixed IP changed"
        : `fixed IP ${before} → ${wanted}`,
    ];
  }
  const [before, wanted] = [textOf(old, input), textOf(after, input)];
  const values = before === undefined || wanted === undefined ? undefined : `${before} → ${wanted}`;
  if (input === "cidr" && values !== undefined) return [`address range ${values}`];
  if (input === "size" && values !== undefined) return [`size ${values} GiB`];
  if (/quot[ae]Set|quotaV2/i.test(type)) return ["quotas changed"];
  if (input === "content" && type !== "openstack:objectstorage/containerObject:ContainerObject")
    return ["content changed"];
  return [WORDS.get(input) ?? `${nounOf(input)} changed`];
}

/** `dnsNameservers` → `dns nameservers`. */
function nounOf(input: string): string {
  const known = WORDS.get(input);
  if (known?.endsWith(" changed") === true) return known.slice(0, -" changed".length);
  return input.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
}
