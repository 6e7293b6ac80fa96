import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { tagMetadata } from "../lab/identity.ts";
import type { Problem } from "../lab/problem.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { physicalNameProblems } from "./physicalName.ts";

/** Cinder copies a whole image or snapshot into a new volume: minutes on slow disks, where 10 (the provider's own) are too few. */
const VOLUME_TIMEOUTS = { create: "15m", update: "15m", delete: "10m" };

/** How large a volume is, what it begins with and where it is attached. */
export interface DataVolumeArgs {
  /** Size in GiB. A volume can grow while it is attached, where the cloud's driver can; Cinder refuses to shrink it. */
  sizeGiB: number;
  /** Name of the volume in OpenStack. @default the logical name */
  volumeName?: string;
  /** @default "" */
  description?: string;
  /** Volume type, by name. Another type is another volume. @default the cloud's default type */
  volumeTypeName?: string;
  /** Snapshot whose content it begins with. Another one is another volume: what was written is lost. Not with `imageId`. @default empty */
  snapshotId?: pulumi.Input<string>;
  /** Image whose content it begins with, so that an instance can boot from it. Another one is another volume. @default empty */
  imageId?: pulumi.Input<string>;
  /** Instance that it is attached to; another one or none moves the volume and changes nothing on it. @default none */
  attachTo?: pulumi.Input<string>;
  /** Metadata of the volume, e.g. `["course:net101"]`. @default [] */
  tags?: string[];
}

/**
 * A volume of its own, which outlives every instance that it is attached to.
 * https://docs.openstack.org/cinder/latest/cli/cli-manage-volumes.html
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * // The data stays when the instance is made anew.
 * const data = new DataVolume("kim-data", { sizeGiB: 2, attachTo: "instance-id" });
 * export const device = data.device;
 */
export class DataVolume extends pulumi.ComponentResource {
  /** For a snapshot, or an instance's `bootFromVolumeId`. */
  readonly volumeId: pulumi.Output<string>;
  /** Where the instance has it, e.g. `/dev/vdb`, as far as the hypervisor says. Undefined when it is not attached. */
  readonly device: pulumi.Output<string> | undefined;

  constructor(name: string, args: DataVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`DataVolume "${name}"`, dataVolumeProblems(args));
    super("classroom:index:DataVolume", name, {}, opts);

    const { sizeGiB, volumeName = name, description = "", volumeTypeName, snapshotId, imageId, tags = [] } = args;
    const volume = new openstack.blockstorage.Volume(
      `${name}-volume`,
      {
        name: volumeName,
        description,
        size: sizeGiB,
        volumeType: volumeTypeName,
        snapshotId,
        imageId,
        // Without it the provider refuses to let an attached volume grow.
        enableOnlineResize: true,
        metadata: tagMetadata(tags),
      },
      { parent: this, customTimeouts: VOLUME_TIMEOUTS },
    );

    this.volumeId = volume.id;
    this.device = args.attachTo === undefined ? undefined : this.attach(name, volume, args.attachTo);
    this.registerOutputs({ volumeId: this.volumeId, device: this.device });
  }

  private attach(name: string, volume: openstack.blockstorage.Volume, instanceId: pulumi.Input<string>) {
    // blockstorage.VolumeAttach only reserves it in Cinder for a host; this one is Nova's, which gives it to the instance.
    const attachment = new openstack.compute.VolumeAttach(
      `${name}-attachment`,
      { instanceId, volumeId: volume.id },
      // The volume can be on one instance only.
      { parent: this, deleteBeforeReplace: true },
    );
    return attachment.device;
  }
}

/** Everything wrong with the arguments of a {@link DataVolume}. */
function dataVolumeProblems({ sizeGiB, volumeName, snapshotId, imageId }: DataVolumeArgs): Problem[] {
  const problems = physicalNameProblems("volumeName", volumeName);
  if (!Number.isInteger(sizeGiB) || sizeGiB < 1)
    problems.push({ path: "sizeGiB", reason: `${sizeGiB} is not a whole number of GiB above 0` });
  if (snapshotId !== undefined && imageId !== undefined)
    problems.push({
      path: "imageId",
      reason: "a volume begins with a snapshot or with an image; leave out one of the two",
    });
  return problems;
}
