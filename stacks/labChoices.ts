import { courseTags } from "../lab/identity.ts";
import type { Lab } from "../lab/labSchema.ts";
import { neededServices, type OptionalServiceName } from "../lab/neededServices.ts";
import { type Problem, problemText } from "../lab/problem.ts";
import { quotaProblems } from "../lab/quotaRules.ts";
import { volumeSizeProblems } from "../lab/volumeSize.ts";
import type { Catalog, Flavor } from "../openstack/catalog.ts";
import { UserError } from "../terminal/userError.ts";
import { instanceFitProblems } from "./instanceFit.ts";
import { oneNamed } from "./oneNamed.ts";

/** What the cloud offers beside its catalogue, read only where the lab asks for it. */
export interface CloudOffer {
  catalog: Catalog;
  services: ReadonlySet<OptionalServiceName>;
  /** Ids of roles by name; none when the lab needs none. */
  roleIds: Record<string, string>;
  /** Compute hosts; none when the lab needs none. */
  computeHosts: readonly string[];
}

export interface ImageChoice {
  /** undefined for one that the class part uploads. */
  id: string | undefined;
  /** Its name in the cloud, from which the login user follows. */
  name: string;
  loginUser: string | undefined;
  minDiskGiB: number;
  minRamMiB: number;
}

/** Without an id: one that the class part makes. */
export type FlavorChoice = Omit<Flavor, "id"> & { id: string | undefined };

/** The ids behind the names of the lab, looked up once so that a preview shows when one of them changes. */
export interface LabChoices {
  /** Of the provider networks that exist, by their name in the lab. */
  networkIds: Record<string, string>;
  images: Record<string, ImageChoice>;
  flavors: Record<string, FlavorChoice>;
  roleIds: Record<string, string>;
  computeHosts: readonly string[];
}

/**
 * Finds what the lab names in what the cloud offers.
 *
 * @throws {UserError} naming everything the cloud does not have, has twice, or that does not fit together.
 */
export function chooseFrom(offer: CloudOffer, lab: Lab, course: string): LabChoices {
  const { choices, problems } = choicesAndProblems(offer, lab, course);
  if (problems.length > 0) throw new UserError(problemText("The cloud does not offer what the lab asks for", problems));
  return choices;
}

/** What was found, and everything that was not or does not fit together. */
export function choicesAndProblems(
  offer: CloudOffer,
  lab: Lab,
  course: string,
): { choices: LabChoices; problems: Problem[] } {
  const problems: Problem[] = serviceProblems(offer, lab);
  const choices: LabChoices = {
    networkIds: chooseNetworks(offer.catalog, lab, course, problems),
    images: chooseImages(offer.catalog, lab, problems),
    flavors: chooseFlavors(offer.catalog, lab, problems),
    roleIds: chooseRoles(offer, lab, problems),
    computeHosts: chooseHosts(offer, lab, problems),
  };
  problems.push(...instanceFitProblems(lab, choices, offer.catalog.flavors));
  problems.push(...volumeFitProblems(lab, choices));
  problems.push(...quotaProblems(lab, (name) => choices.flavors[name]).filter(({ path }) => /cores|ramMiB/.test(path)));
  return { choices, problems };
}

const SERVICE_WORDS: Record<OptionalServiceName, string> = {
  cinder: "volumes (Cinder)",
  swift: "object storage (Swift)",
  vpn: "VPNs (Neutron's vpnaas)",
  fwaas: "firewalls (Neutron's fwaas_v2)",
  octavia: "load balancers (Octavia)",
};

function serviceProblems({ services }: CloudOffer, lab: Lab): Problem[] {
  return neededServices(lab)
    .filter(({ service }) => !services.has(service))
    .map(({ service, because }) => ({
      path: because,
      reason: `needs ${SERVICE_WORDS[service]}, which this cloud does not have; on the local cloud: npm run cloud -- up --with ${service}`,
    }));
}

function chooseNetworks({ networks }: Catalog, lab: Lab, course: string, problems: Problem[]): Record<string, string> {
  const external = networks.filter((network) => network.external);
  const ours = courseTags(course);
  const foreign = networks.filter(({ tags }) => !ours.every((tag) => tags.includes(tag)));
  const ids: Record<string, string> = {};
  for (const [name, { existing, physicalNetwork, type = "flat" }] of Object.entries(lab.class.providerNetworks)) {
    const path = `class.providerNetworks.${name}`;
    if (existing !== undefined) {
      const network = oneNamed(external, `${path}.existing`, "external network", existing, problems);
      if (network !== undefined) ids[name] = network.id;
      continue;
    }
    const taken = foreign.find(
      (network) =>
        (network.external && network.name === name) || (type === "flat" && network.physicalNetwork === physicalNetwork),
    );
    if (taken !== undefined)
      problems.push({
        path,
        reason:
          `the cloud already has the network "${taken.name}"${taken.physicalNetwork === undefined ? "" : ` on the physical network "${taken.physicalNetwork}"`}; ` +
          `to use it, write only { existing: ${taken.name} }`,
      });
  }
  return ids;
}

function chooseImages({ images }: Catalog, lab: Lab, problems: Problem[]): Record<string, ImageChoice> {
  const { instances, volumes, loadBalancers } = lab.student;
  const used = [
    ...Object.entries(instances).map(([name, { image }]) => [`student.instances.${name}.image`, image] as const),
    ...Object.entries(volumes).map(([name, { image }]) => [`student.volumes.${name}.image`, image] as const),
    ...Object.entries(loadBalancers).map(
      ([name, { image }]) => [`student.loadBalancers.${name}.image`, image] as const,
    ),
  ];
  const choices: Record<string, ImageChoice> = {};
  for (const [path, name] of used) {
    if (name === undefined || choices[name] !== undefined) continue;
    const { existing, file, loginUser, minDiskGiB = 0, minRamMiB = 0 } = lab.class.images[name] ?? {};
    if (file !== undefined) choices[name] = { id: undefined, name, loginUser, minDiskGiB, minRamMiB };
    else {
      const where = existing === undefined ? path : `class.images.${name}.existing`;
      const image = oneNamed(images, where, "image", existing ?? name, problems);
      if (image !== undefined) choices[name] = { ...image, loginUser };
    }
  }
  return choices;
}

function volumeFitProblems({ student: { volumes } }: Lab, { images }: LabChoices): Problem[] {
  return Object.entries(volumes).flatMap(([name, { sizeGiB, image }]) => {
    const chosen = images[image ?? ""];
    return chosen === undefined
      ? []
      : volumeSizeProblems(`student.volumes.${name}.sizeGiB`, sizeGiB, chosen.name, chosen.minDiskGiB);
  });
}

function chooseFlavors({ flavors }: Catalog, lab: Lab, problems: Problem[]): Record<string, FlavorChoice> {
  const { instances, loadBalancers } = lab.student;
  const used = [
    ...Object.entries(instances).map(([name, { flavor }]) => [`student.instances.${name}.flavor`, flavor] as const),
    ...Object.entries(loadBalancers).map(
      ([name, { flavor }]) => [`student.loadBalancers.${name}.flavor`, flavor] as const,
    ),
  ];
  const choices: Record<string, FlavorChoice> = {};
  for (const [path, name] of used) {
    if (name === undefined || choices[name] !== undefined) continue;
    const { existing, vcpus, ramMiB, diskGiB } = lab.class.flavors[name] ?? {};
    if (vcpus !== undefined && ramMiB !== undefined && diskGiB !== undefined)
      choices[name] = { id: undefined, name, vcpus, ramMiB, diskGiB };
    else {
      const where = existing === undefined ? path : `class.flavors.${name}.existing`;
      const flavor = oneNamed(flavors, where, "flavor", existing ?? name, problems);
      if (flavor !== undefined) choices[name] = flavor;
    }
  }
  return choices;
}

function chooseRoles({ roleIds }: CloudOffer, lab: Lab, problems: Problem[]): Record<string, string> {
  const { project } = lab.student;
  const projects = [
    ...(project === undefined
      ? []
      : [["student.project", { ...project, users: project.users ?? { default: { roles: ["member"] } } }] as const]),
    ...Object.entries(lab.class.projects).map(([name, entry]) => [`class.projects.${name}`, entry] as const),
  ];
  const wanted = projects.flatMap(([path, { users, administratorRoles }]) => [
    ...Object.entries(users).flatMap(([user, { roles }]) =>
      roles.map((role) => [`${path}.users.${user}.roles`, role] as const),
    ),
    ...administratorRoles.map((role) => [`${path}.administratorRoles`, role] as const),
  ]);
  const known = Object.entries(roleIds).map(([name, id]) => ({ id, name }));
  return Object.fromEntries(
    wanted.flatMap(([path, role]) => {
      const found = oneNamed(known, path, "role", role, problems);
      return found === undefined ? [] : [[role, found.id]];
    }),
  );
}

function chooseHosts({ computeHosts }: CloudOffer, lab: Lab, problems: Problem[]): readonly string[] {
  for (const [name, { hosts }] of Object.entries(lab.class.hostAggregates))
    for (const host of hosts === "all" ? [] : hosts)
      oneNamed(
        computeHosts.map((each) => ({ id: each, name: each })),
        `class.hostAggregates.${name}.hosts`,
        "compute host",
        host,
        problems,
      );
  return computeHosts;
}
