import { webServerInstanceProblems } from "../components/webServerInstanceChecks.ts";
import type { Lab } from "../lab/labSchema.ts";
import { under, type Problem } from "../lab/problem.ts";
import type { InstanceEntry } from "../lab/studentSchema.ts";
import type { Flavor } from "../openstack/catalog.ts";
import type { FlavorChoice, ImageChoice, LabChoices } from "./labChoices.ts";

/** Instances that could not run: too little memory or disk for their image, no size for their volume, or arguments that cannot work. */
export function instanceFitProblems(lab: Lab, choices: LabChoices, flavors: readonly Flavor[]): Problem[] {
  return Object.entries(lab.student.instances).flatMap(([name, instance]) => {
    const image = choices.images[imageOf(lab, instance) ?? ""];
    const flavor = choices.flavors[instance.flavor];
    if (image === undefined || flavor === undefined) return [];
    return under(`student.instances.${name}`, [
      ...sizeProblems(instance, image, flavor, flavors),
      ...webServerInstanceProblems(name, {
        imageName: image.name,
        ...(instance.web === undefined ? {} : { web: instance.web }),
        ...(instance.userData === undefined ? {} : { userData: instance.userData }),
        ...(instance.packageMirror === undefined ? {} : { packageMirror: instance.packageMirror }),
        ...loginUserOf(instance, image),
      }),
    ]);
  });
}

/** The image an instance boots from, be it by way of a volume. */
export function imageOf(lab: Lab, { image, bootFromVolume }: InstanceEntry): string | undefined {
  if (image !== undefined || bootFromVolume === undefined) return image;
  const { volumes, snapshots } = lab.student;
  const volume = volumes[bootFromVolume];
  const origin = snapshots[volume?.fromSnapshot ?? ""];
  return volume?.image ?? volumes[origin?.of ?? ""]?.image;
}

/** What the lab says of the login user, if anything. */
export function loginUserOf(instance: InstanceEntry, image: ImageChoice): { loginUser?: string } {
  const loginUser = instance.loginUser ?? image.loginUser;
  return loginUser === undefined ? {} : { loginUser };
}

/** Size in GiB of the volume an instance boots from; undefined when it boots from the flavor's disk. */
export function bootVolumeSizeGiB({ bootVolume }: InstanceEntry, image: ImageChoice): number | undefined {
  return bootVolume === undefined ? undefined : (bootVolume.sizeGiB ?? image.minDiskGiB);
}

function sizeProblems(
  instance: InstanceEntry,
  image: ImageChoice,
  flavor: FlavorChoice,
  flavors: readonly Flavor[],
): Problem[] {
  const bootSize = bootVolumeSizeGiB(instance, image);
  if (bootSize === 0)
    return [
      { path: "bootVolume.sizeGiB", reason: `is missing; the image "${image.name}" does not say how much it needs` },
    ];
  const diskGiB = bootSize ?? flavor.diskGiB;
  // A flavor without a disk of its own takes the image's size; a volume that exists was large enough when it was made.
  const diskFits = diskGiB === 0 || diskGiB >= image.minDiskGiB || instance.bootFromVolume !== undefined;
  if (flavor.ramMiB >= image.minRamMiB && diskFits) return [];
  const large = flavors.filter(
    ({ ramMiB, diskGiB: disk }) => ramMiB >= image.minRamMiB && (disk === 0 || disk >= image.minDiskGiB),
  );
  return [
    {
      path: "flavor",
      reason:
        `"${flavor.name}" has ${flavor.ramMiB} MiB RAM and ${diskGiB} GiB disk, but the image "${image.name}" needs ` +
        `${image.minRamMiB} MiB and ${image.minDiskGiB} GiB; large enough: ${large.map(({ name }) => name).join(", ") || "none of this cloud"}`,
    },
  ];
}
