import { webServerInstanceProblems } from "../components/webServerInstanceChecks.ts";
import { bootImageOf } from "../lab/bootImage.ts";
import type { Lab } from "../lab/labSchema.ts";
import { under, type Problem } from "../lab/problem.ts";
import type { InstanceEntry } from "../lab/studentSchema.ts";
import { volumeSizeProblems } from "../lab/volumeSize.ts";
import type { Flavor } from "../openstack/catalog.ts";
import type { FlavorChoice, ImageChoice, LabChoices } from "./labChoices.ts";

/** Instances that could not run: too little memory or disk for their image, no size for their volume, or arguments that cannot work. */
export function instanceFitProblems(lab: Lab, choices: LabChoices, flavors: readonly Flavor[]): Problem[] {
  return Object.entries(lab.student.instances).flatMap(([name, instance]) => {
    const image = choices.images[bootImageOf(lab, instance) ?? ""];
    const flavor = choices.flavors[instance.flavor];
    if (image === undefined || flavor === undefined) return [];
    return under(`student.instances.${name}`, [
      ...sizeProblems(instance, image, flavor, flavors),
      ...webServerInstanceProblems(name, {
        imageName: image.name,
        ...(instance.web === undefined ? {} : { web: instance.web }),
        ...(instance.userData === undefined ? {} : { userData: instance.userData }),
        ...(instance.docker === undefined ? {} : { docker: instance.docker }),
        ...(instance.packageMirror === undefined ? {} : { packageMirror: instance.packageMirror }),
        ...loginUserOf(instance, image),
      }),
    ]);
  });
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
  const { minRamMiB, minDiskGiB } = image;
  const bootSize = bootVolumeSizeGiB(instance, image);
  const volume =
    bootSize === 0
      ? [{ path: "bootVolume.sizeGiB", reason: `is missing; the image "${image.name}" does not say how much it needs` }]
      : volumeSizeProblems("bootVolume.sizeGiB", bootSize ?? minDiskGiB, image.name, minDiskGiB);
  // A volume that exists was large enough when it was made.
  const onFlavorDisk = bootSize === undefined && instance.bootFromVolume === undefined;
  // A flavor without a disk of its own takes the image's size.
  const fits = ({ ramMiB, diskGiB }: Pick<Flavor, "ramMiB" | "diskGiB">) =>
    ramMiB >= minRamMiB && (!onFlavorDisk || diskGiB === 0 || diskGiB >= minDiskGiB);
  if (fits(flavor)) return volume;
  const large = flavors.filter(fits).map(({ name }) => name);
  const [has, needs] = onFlavorDisk
    ? [`${flavor.ramMiB} MiB RAM and ${flavor.diskGiB} GiB disk`, `${minRamMiB} MiB and ${minDiskGiB} GiB`]
    : [`${flavor.ramMiB} MiB RAM`, `${minRamMiB} MiB`];
  return [
    ...volume,
    {
      path: "flavor",
      reason: `"${flavor.name}" has ${has}, but the image "${image.name}" needs ${needs}; large enough: ${large.join(", ") || "none of this cloud"}`,
    },
  ];
}
