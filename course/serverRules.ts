import type { ResourceRule, Said } from "./effect.ts";
import type { ResourceChange } from "./resourceChange.ts";
import { ownName, partName } from "./resourceName.ts";
import { bootsFromKeptVolume, numberOf, textOf } from "./stateValues.ts";

/** Inputs whose change makes Nova rebuild a server in place, which wipes its disk, although the provider calls it an update. */
const REBUILDS = ["imageId", "imageName"];
/** Inputs whose change makes Nova resize: the server goes down, moves or not, and comes back with its disk. */
const RESIZES = ["flavorId", "flavorName"];
/** Inputs that are changed while the server runs. https://docs.openstack.org/api-ref/compute/#update-server */
const LIVE = ["name", "metadata", "tags", "securityGroups", "description", "stopBeforeDestroy", "forceDelete"];
const POWER = new Map<string, string>(
  Object.entries({
    active: "is started",
    shutoff: "is stopped",
    shelved_offloaded: "is shelved: its memory is freed, its disk stays",
  }),
);

const instance: ResourceRule = {
  label: "instance",
  deletedByHand: (thing) => `${thing} was deleted by hand; it is made again, with a new disk`,
  holds: ({ old }) => (bootsFromKeptVolume(old) ? undefined : "disk"),
  update: (thing, change) => updatedInstance(thing, change),
  replace: (thing, { old }) => ({
    what: bootsFromKeptVolume(old)
      ? `${thing} is made anew; its disk is a volume and stays`
      : `${thing} is rebuilt: its disk is lost`,
    impact: bootsFromKeptVolume(old) ? "restarted" : "rebuilt",
  }),
  delete: (thing, { old }) => ({
    what: bootsFromKeptVolume(old)
      ? `${thing} is deleted; its disk is a volume and stays`
      : `${thing} is deleted: its disk is lost`,
    impact: "reduced",
  }),
};

function updatedInstance(thing: string, { changed, new: after }: ResourceChange): Said {
  const some = (inputs: readonly string[]) => changed.some((input) => inputs.includes(input));
  if (some(REBUILDS))
    return { what: `${thing} is rebuilt in place: its disk is lost`, impact: "rebuilt", loses: "disk" };
  if (some(RESIZES))
    return { what: `${thing} gets another size: it is down for a while, its disk stays`, impact: "restarted" };
  if (some(["powerState"])) {
    const power = POWER.get(textOf(after, "powerState") ?? "") ?? "is started or stopped";
    return { what: `${thing} ${power}`, impact: "restarted" };
  }
  if (changed.every((input) => LIVE.includes(input)))
    return { what: `${thing} is changed while it runs`, impact: "changed" };
  return { what: `${thing} is changed, and may be restarted`, impact: "restarted" };
}

const keyPair: ResourceRule = {
  label: "key pair",
  replace: (thing) => ({
    what: `${thing} is another one; only instances made from now on know it`,
    impact: "changed",
  }),
  delete: (thing) => ({ what: `${thing} is deleted; instances keep what they know`, impact: "reduced" }),
};

const volume: ResourceRule = {
  label: "volume",
  deletedByHand: (thing) => `${thing} was deleted by hand; it is made again, without its data`,
  holds: () => "volume",
  update: (thing, { changed, old, new: after }) => {
    const from = numberOf(old, "size");
    const to = numberOf(after, "size");
    if (!changed.includes("size") || from === undefined || to === undefined)
      return { what: `${thing} is changed; its data stay`, impact: "changed" };
    return to < from
      ? { what: `${thing} is to shrink from ${from} to ${to} GiB, which Cinder refuses`, impact: "changed", told: true }
      : { what: `${thing} grows from ${from} to ${to} GiB; its data stay`, impact: "changed", told: true };
  },
  replace: (thing) => ({ what: `${thing} is deleted and made anew: its data are lost`, impact: "rebuilt" }),
  delete: (thing) => ({ what: `${thing} is deleted: its data are lost`, impact: "reduced" }),
};

const attachment: ResourceRule = {
  label: "volume",
  partOf: ["openstack:blockstorage/volume:Volume"],
  deletedByHand: (thing) => `${thing} was detached by hand; it is attached again`,
  create: (thing) => ({ what: `${thing} is attached to an instance`, impact: "added" }),
  update: (thing) => ({ what: `${thing} is attached in another way`, impact: "interrupted" }),
  replace: (thing, { new: after }) =>
    textOf(after, "instanceId") === undefined
      ? { what: `${thing} is detached for a moment; its data stay`, impact: "interrupted" }
      : { what: `${thing} moves to another instance; its data stay`, impact: "interrupted", told: true },
  delete: (thing) => ({ what: `${thing} is detached; its data stay`, impact: "interrupted" }),
};

/** A snapshot is kept by a command of ours: https://docs.openstack.org/cinder/latest/cli/cli-manage-volumes.html */
export const snapshotCommand: ResourceRule = {
  label: "snapshot",
  holds: () => "snapshot",
  create: (thing) => ({ what: `${thing} is made`, impact: "added" }),
  update: (thing) => ({ what: `${thing} stays; how it is kept is changed`, impact: "none" }),
  replace: (thing) => ({
    what: `${thing} is deleted and made anew of what is on the volume now: the old state is lost`,
    impact: "rebuilt",
  }),
  delete: (thing) => ({ what: `${thing} is deleted: the state it kept is lost`, impact: "reduced" }),
};

const container: ResourceRule = {
  label: "container",
  holds: () => "objects",
  update: (thing) => ({ what: `${thing} is changed; its objects stay`, impact: "changed" }),
  replace: (thing) => ({ what: `${thing} is deleted and made anew: its objects are lost`, impact: "rebuilt" }),
  delete: (thing) => ({ what: `${thing} is deleted: its objects are lost`, impact: "reduced" }),
};

const object: ResourceRule = {
  label: "object",
  name: (change) => ownName(change),
  partOf: ["openstack:objectstorage/container:Container"],
  holds: () => "object",
  update: (thing) => ({
    what: `${thing} is written again: what is in it now is lost`,
    impact: "rebuilt",
    loses: "object",
  }),
  replace: (thing) => ({ what: `${thing} is written again: what is in it now is lost`, impact: "rebuilt" }),
  delete: (thing) => ({ what: `${thing} is deleted`, impact: "reduced" }),
};

const image: ResourceRule = {
  label: "image",
  name: (change) => ownName(change),
  replace: (thing) => ({ what: `${thing} is uploaded anew`, impact: "changed" }),
  delete: (thing) => ({ what: `${thing} is deleted; instances made of it run on`, impact: "reduced" }),
  forStudents: (thing, { action }) =>
    action === "replace"
      ? {
          what: `every student's instance made of ${thing} is rebuilt by its own stack's update: its disk is lost`,
          impact: "rebuilt",
          loses: "disk",
        }
      : undefined,
};

const flavor: ResourceRule = {
  label: "flavor",
  name: (change) => ownName(change),
  replace: (thing) => ({ what: `${thing} is made anew`, impact: "changed" }),
  delete: (thing) => ({ what: `${thing} is deleted; instances keep the size they have`, impact: "reduced" }),
  forStudents: (thing, { action }) =>
    action === "replace"
      ? {
          what: `every student's instance of ${thing} is resized by its own stack's update: it is down for a while, its disk stays`,
          impact: "restarted",
        }
      : undefined,
};

const zone: ResourceRule = {
  label: "host aggregate",
  replace: (thing) => ({ what: `${thing} is made anew; instances run on`, impact: "changed" }),
};

/** Servers, disks, and what they are made of. */
export const SERVER_RULES: Record<string, ResourceRule> = {
  "openstack:compute/instance:Instance": instance,
  "openstack:compute/keypair:Keypair": keyPair,
  "openstack:compute/volumeAttach:VolumeAttach": attachment,
  "openstack:compute/flavor:Flavor": flavor,
  "openstack:compute/flavorAccess:FlavorAccess": {
    label: "access to flavor",
    name: (change) => partName(change),
  },
  "openstack:compute/aggregateV2:AggregateV2": zone,
  "openstack:blockstorage/volume:Volume": volume,
  "openstack:images/image:Image": image,
  "openstack:objectstorage/container:Container": container,
  "openstack:objectstorage/containerObject:ContainerObject": object,
};
