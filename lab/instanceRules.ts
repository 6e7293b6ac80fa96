import { bootImageOf, originOf } from "./bootImage.ts";
import { LONGEST_ROLE } from "./identity.ts";
import { hostProblems } from "./ipv4.ts";
import type { Lab } from "./labSchema.ts";
import { unknown } from "./networkRules.ts";
import { type Problem, under } from "./problem.ts";
import type { InstanceEntry } from "./studentSchema.ts";
import { defaultGateway } from "./subnetChecks.ts";
import { volumeSizeProblems } from "./volumeSize.ts";

/** What is wrong with the instances of a lab. */
export function labInstanceProblems(lab: Lab): Problem[] {
  return Object.entries(lab.student.instances).flatMap(([name, instance]) =>
    under(`student.instances.${name}`, [
      ...placeProblems(lab, instance),
      ...nameProblems(lab, name),
      ...addressProblems(lab, name, instance),
      ...fixedIpProblems(lab, name, instance),
      ...sourceProblems(lab, name, instance),
      ...profileProblems(instance),
    ]),
  );
}

function placeProblems(lab: Lab, { network, moreNetworks, fixedIp, securityGroups = [] }: InstanceEntry): Problem[] {
  const networks = placesOf(lab);
  const cidr = lab.student.networks[network]?.cidr ?? lab.class.sharedNetworks[network]?.cidr;
  return [
    ...(networks.includes(network) ? [] : [unknown("network", network, "a network of this lab", networks)]),
    ...moreNetworks
      .filter((each) => !networks.includes(each))
      .map((each) => unknown("moreNetworks", each, "a network of this lab", networks)),
    ...securityGroups
      .filter((each) => !Object.hasOwn(lab.student.securityGroups, each))
      .map((each) =>
        unknown("securityGroups", each, "a security group of this lab", Object.keys(lab.student.securityGroups)),
      ),
    ...(fixedIp !== undefined && typeof cidr === "string" ? hostProblems("fixedIp", fixedIp, cidr) : []),
    ...(fixedIp !== undefined && lab.student.project !== undefined && !Object.hasOwn(lab.student.networks, network)
      ? [
          {
            path: "fixedIp",
            reason: `Neutron lets only the owner of "${network}" choose addresses there, which is the class; leave it out`,
          },
        ]
      : []),
    ...(fixedIp !== undefined && typeof cidr === "object"
      ? [{ path: "fixedIp", reason: `each student has a network of their own in ${cidr.of}; leave it out` }]
      : []),
  ];
}

/** Networks that an instance may be put on. */
function placesOf({ class: { providerNetworks, sharedNetworks }, student }: Lab): string[] {
  const open = Object.entries(providerNetworks).filter(([, { shared, existing }]) => shared || existing !== undefined);
  return [...Object.keys(student.networks), ...Object.keys(sharedNetworks), ...open.map(([name]) => name)];
}

/** Each address is for one: not for two instances, and not for the gateway's too. */
function fixedIpProblems(lab: Lab, name: string, { network, fixedIp }: InstanceEntry): Problem[] {
  if (fixedIp === undefined) return [];
  const own = lab.student.networks[network];
  const gatewayIp =
    own === undefined || own.closed || typeof own.cidr !== "string"
      ? undefined
      : (own.gateway ?? defaultGateway(own.cidr));
  const other = Object.entries(lab.student.instances).find(
    ([each, entry]) => each < name && entry.network === network && entry.fixedIp === fixedIp,
  )?.[0];
  return [
    ...(fixedIp === gatewayIp
      ? [{ path: "fixedIp", reason: `${fixedIp} is the address of the gateway; choose another` }]
      : []),
    ...(other === undefined
      ? []
      : [{ path: "fixedIp", reason: `${fixedIp} is the address of "${other}" already; choose another` }]),
  ];
}

/** Where all share a project, an instance is called `<course>-<student>-<name>`, and that becomes its host name. */
function nameProblems({ student: { project } }: Lab, name: string): Problem[] {
  return project !== undefined || name.length <= LONGEST_ROLE
    ? []
    : [
        {
          path: "",
          reason: `"${name}" has ${name.length} characters; without a project for each student, course and student become part of the host name, and ${LONGEST_ROLE} are left`,
        },
      ];
}

function addressProblems(lab: Lab, name: string, { floatingIp, floatingIpTo }: InstanceEntry): Problem[] {
  const { instances } = lab.student;
  const problems: Problem[] = [];
  const target = floatingIpTo === undefined ? undefined : instances[floatingIpTo];
  if (floatingIp === undefined)
    return floatingIpTo === undefined
      ? []
      : [{ path: "floatingIpTo", reason: "there is no floating IP to lend; say `floatingIp:` too" }];
  problems.push(...reachProblems(lab, "floatingIp", floatingIp, (target ?? instances[name])?.network ?? ""));
  if (floatingIpTo !== undefined && (target === undefined || floatingIpTo === name))
    problems.push(
      unknown(
        "floatingIpTo",
        floatingIpTo,
        "another instance of this lab",
        Object.keys(instances).filter((other) => other !== name),
      ),
    );
  if (target?.floatingIp !== undefined && target.floatingIpTo === undefined)
    problems.push({
      path: "floatingIpTo",
      reason: `"${floatingIpTo ?? ""}" has a floating IP of its own; a port can have only one`,
    });
  return problems;
}

/** A floating IP leads only to a network that a router joins to the provider network it comes from. */
export function reachProblems(lab: Lab, path: string, provider: string, network: string): Problem[] {
  const providers = Object.keys(lab.class.providerNetworks);
  if (!providers.includes(provider)) return [unknown(path, provider, "a provider network of this lab", providers)];
  const joined = Object.values(lab.student.routers).some(
    ({ gateway, interfaces }) => gateway === provider && interfaces.includes(network),
  );
  return joined || !placesOf(lab).includes(network)
    ? []
    : [{ path, reason: `no router joins "${network}" to "${provider}"; add one, or leave the floating IP out` }];
}

function sourceProblems(lab: Lab, name: string, instance: InstanceEntry): Problem[] {
  const { image, bootVolume, bootFromVolume, availabilityZone } = instance;
  const { volumes, instances } = lab.student;
  const problems: Problem[] = [];
  if (image === undefined && bootFromVolume === undefined)
    problems.push({ path: "image", reason: "is missing; name an image, or a volume to boot from" });
  if (bootFromVolume !== undefined) {
    const origin = originOf(lab.student, bootFromVolume);
    const volume = volumes[origin];
    if (!Object.hasOwn(volumes, bootFromVolume))
      problems.push(unknown("bootFromVolume", bootFromVolume, "a volume of this lab", Object.keys(volumes)));
    else if (volume !== undefined && volume.image === undefined && volume.fromSnapshot === undefined)
      problems.push({ path: "bootFromVolume", reason: `"${origin}" is empty; say its \`image:\`` });
    if (image !== undefined || bootVolume !== undefined)
      problems.push({
        path: "bootFromVolume",
        reason: "goes neither with image nor with bootVolume: the volume is what boots",
      });
    const other = Object.entries(instances).find(
      ([each, entry]) => each < name && entry.bootFromVolume === bootFromVolume,
    )?.[0];
    if (other !== undefined) problems.push({ path: "bootFromVolume", reason: `"${other}" boots from it already` });
  }
  const zones = Object.values(lab.class.hostAggregates).flatMap(({ availabilityZone: zone }) => zone ?? []);
  if (availabilityZone !== undefined && zones.length > 0 && ![...zones, "nova"].includes(availabilityZone))
    problems.push(unknown("availabilityZone", availabilityZone, "an availability zone of this lab", zones));
  return [...problems, ...sizeProblems(lab, instance)];
}

/** Of what the lab itself makes; what the cloud has is compared when it is asked. */
function sizeProblems(lab: Lab, instance: InstanceEntry): Problem[] {
  const { flavor, bootVolume, bootFromVolume } = instance;
  const image = bootImageOf(lab, instance) ?? "";
  const { minDiskGiB = 0, minRamMiB = 0 } = lab.class.images[image] ?? {};
  const { ramMiB = 0, diskGiB = 0 } = lab.class.flavors[flavor] ?? {};
  const onFlavorDisk = bootVolume === undefined && bootFromVolume === undefined;
  return [
    ...(ramMiB > 0 && ramMiB < minRamMiB
      ? [
          {
            path: "flavor",
            reason: `"${flavor}" has ${ramMiB} MiB of memory, but the image "${image}" needs ${minRamMiB} MiB; choose a larger flavor`,
          },
        ]
      : []),
    // Without a disk of its own the flavor takes the image's size.
    ...(onFlavorDisk && diskGiB > 0 && diskGiB < minDiskGiB
      ? [
          {
            path: "flavor",
            reason: `"${flavor}" has a disk of ${diskGiB} GiB, but the image "${image}" needs ${minDiskGiB} GiB; choose a larger flavor, or add \`bootVolume: {}\``,
          },
        ]
      : []),
    ...volumeSizeProblems("bootVolume.sizeGiB", bootVolume?.sizeGiB ?? minDiskGiB, image, minDiskGiB),
  ];
}

function profileProblems({ web, docker, userData }: InstanceEntry): Problem[] {
  return [
    ...(docker !== undefined && web !== "docker"
      ? [{ path: "docker", reason: "goes with `web: docker` only; say that, or leave it out" }]
      : []),
    ...(web !== undefined && userData !== undefined
      ? [{ path: "userData", reason: "and `web` cannot both be given; a web server brings its own user data" }]
      : []),
  ];
}
