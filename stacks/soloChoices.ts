import { InvalidArgsError } from "../components/invalidArgsError.ts";
import { webServerInstanceProblems } from "../components/webServerInstance.ts";
import { didYouMean } from "../lab/didYouMean.ts";
import { ownerTags } from "../lab/identity.ts";
import { under, type Problem } from "../lab/problem.ts";
import type { Catalog, Flavor, Image } from "../openstack/catalog.ts";
import type { InstanceConfig, SoloConfig } from "./soloConfig.ts";

/** The ids behind the names of the configuration, looked up once so that a preview shows when one of them changes. */
export interface SoloChoices {
  /** Of the provider network to adopt; undefined when one is made. */
  existingNetworkId: string | undefined;
  instances: Record<string, { imageId: string; imageName: string; flavorId: string }>;
}

/**
 * Finds what the configuration names in what the cloud offers.
 *
 * @throws {InvalidArgsError} naming everything the cloud does not have, has twice, or that does not fit together.
 */
export function chooseFrom(catalog: Catalog, config: SoloConfig): SoloChoices {
  const problems: Problem[] = [];
  const existingNetworkId = chooseNetwork(catalog, config, problems);
  const instances: SoloChoices["instances"] = {};
  for (const [name, instance] of Object.entries(config.instances)) {
    const path = `instances.${name}`;
    const image = oneNamed(catalog.images, `${path}.image`, "image", instance.image, problems);
    const flavor = oneNamed(catalog.flavors, `${path}.flavor`, "flavor", instance.flavor, problems);
    if (image === undefined || flavor === undefined) continue;
    problems.push(...fitProblems(path, instance, image, flavor, catalog.flavors));
    problems.push(
      ...under(
        path,
        webServerInstanceProblems(name, { ...instance, imageName: image.name, studentName: config.student.name }),
      ),
    );
    instances[name] = { imageId: image.id, imageName: image.name, flavorId: flavor.id };
  }
  if (problems.length > 0)
    throw new InvalidArgsError("The cloud does not offer what the configuration asks for", problems);
  return { existingNetworkId, instances };
}

function chooseNetwork({ networks }: Catalog, config: SoloConfig, problems: Problem[]): string | undefined {
  const { existing, name, physicalNetwork, networkType = "flat" } = config.providerNetwork;
  const external = networks.filter((network) => network.external);
  if (existing !== undefined)
    return oneNamed(external, "providerNetwork.existing", "external network", existing, problems)?.id;
  const ours = ownerTags({ course: config.course, student: config.student.id });
  const foreign = networks.filter(({ tags }) => !ours.every((tag) => tags.includes(tag)));
  const taken =
    foreign.find((network) => network.external && network.name === name) ??
    foreign.find(
      (network) =>
        networkType === "flat" && network.physicalNetwork === physicalNetwork && physicalNetwork !== undefined,
    );
  if (taken !== undefined)
    problems.push({
      path: "providerNetwork",
      reason:
        `the cloud already has the network "${taken.name}"${taken.physicalNetwork === undefined ? "" : ` on the physical network "${taken.physicalNetwork}"`}; ` +
        `to use it, write only { existing: ${taken.name} }`,
    });
  return undefined;
}

/** The one with this id or name. */
function oneNamed<T extends { id: string; name: string }>(
  all: readonly T[],
  path: string,
  kind: string,
  wanted: string,
  problems: Problem[],
): T | undefined {
  const byId = all.find(({ id }) => id === wanted);
  if (byId !== undefined) return byId;
  const [first, ...others] = all.filter(({ name }) => name === wanted);
  if (first !== undefined && others.length === 0) return first;
  const names = [...new Set(all.map(({ name }) => name))].sort();
  problems.push({
    path,
    reason:
      first === undefined
        ? `"${wanted}" is not ${/^[aei]/.test(kind) ? "an" : "a"} ${kind} of this cloud; it has ${names.join(", ") || "none"}${didYouMean(wanted, names)}`
        : `"${wanted}" is the name of ${others.length + 1} ${kind}s; write the id of one: ${[first, ...others].map(({ id }) => id).join(", ")}`,
  });
  return undefined;
}

function fitProblems(
  path: string,
  instance: InstanceConfig,
  image: Image,
  flavor: Flavor,
  flavors: readonly Flavor[],
): Problem[] {
  const diskGiB = instance.bootVolumeSizeGiB ?? flavor.diskGiB;
  // A flavor without a disk of its own takes the image's size.
  const diskFits = diskGiB === 0 || diskGiB >= image.minDiskGiB;
  if (flavor.ramMiB >= image.minRamMiB && diskFits) return [];
  const large = flavors.filter(
    ({ ramMiB, diskGiB: disk }) => ramMiB >= image.minRamMiB && (disk === 0 || disk >= image.minDiskGiB),
  );
  return [
    {
      path: `${path}.flavor`,
      reason:
        `"${flavor.name}" has ${flavor.ramMiB} MiB RAM and ${diskGiB} GiB disk, but the image "${image.name}" needs ` +
        `${image.minRamMiB} MiB and ${image.minDiskGiB} GiB; large enough: ${large.map(({ name }) => name).join(", ") || "none of this cloud"}`,
    },
  ];
}
