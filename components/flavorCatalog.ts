import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { under, type Problem } from "../lab/problem.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { knownOnce } from "./knownOnce.ts";

/** Nova's own bounds for names and ids of flavors: https://docs.openstack.org/api-ref/compute/#create-flavor */
const LONGEST_NAME = 255;
const ID_PATTERN = /^[a-zA-Z0-9._-]([a-zA-Z0-9 ._-]*[a-zA-Z0-9._-])?$/;
const EXTRA_SPEC_PATTERN = /^[a-zA-Z0-9_:. -]{1,255}$/;

/** One size of instances. */
export interface FlavorArgs {
  /** Virtual CPUs, at least 1. */
  vcpus: number;
  /** Memory in MiB, at least 1. */
  ramMiB: number;
  /** Root disk in GiB; 0 is as large as the image. */
  diskGiB: number;
  /** Id, where it matters, e.g. `"6"`. Unique in the cloud. @default Nova makes one */
  flavorId?: string;
  /** Whether every project may use it. @default true, or false with `projectIds` */
  isPublic?: boolean;
  /** Second disk in GiB, which ends with the instance. @default 0 */
  ephemeralGiB?: number;
  /** Swap disk in MiB. @default 0 */
  swapMiB?: number;
  /** For the scheduler and the hypervisor, e.g. `{ "hw:cpu_policy": "dedicated" }`. @default {} */
  extraSpecs?: Record<string, string>;
  /** Projects that may use it when it is not public, by a label that stays the same. @default {} */
  projectIds?: Record<string, pulumi.Input<string>>;
}

/** The sizes to make. */
export interface FlavorCatalogArgs {
  /** By name, unique in the cloud, e.g. `{ "m1.tiny": { vcpus: 1, ramMiB: 512, diskGiB: 1 } }`. */
  flavors: Record<string, FlavorArgs>;
}

/**
 * Flavors: the sizes of instances that a cloud offers. Only an administrator can make them. A flavor cannot be edited: a changed size is
 * a new flavor, and instances made from the old one keep what they have.
 * https://docs.openstack.org/nova/latest/user/flavors.html
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * const { flavorIds } = new FlavorCatalog("net101", {
 *   flavors: {
 *     "m1.tiny": { vcpus: 1, ramMiB: 512, diskGiB: 1 },
 *     "m1.kim": { vcpus: 2, ramMiB: 2048, diskGiB: 10, projectIds: { kim: "project-id" } },
 *   },
 * });
 */
export class FlavorCatalog extends pulumi.ComponentResource {
  /** For an instance's `flavorId`, by name. That of a private flavor is known only once its projects may use it. */
  readonly flavorIds: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: FlavorCatalogArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`FlavorCatalog "${name}"`, flavorCatalogProblems(args));
    super("classroom:index:FlavorCatalog", name, {}, opts);

    this.flavorIds = Object.fromEntries(
      Object.entries(args.flavors).map(([flavorName, flavor]) => [
        flavorName,
        this.createFlavor(`${name}-${flavorName}`, flavorName, flavor),
      ]),
    );
    this.registerOutputs({ flavorIds: this.flavorIds });
  }

  private createFlavor(prefix: string, flavorName: string, args: FlavorArgs): pulumi.Output<string> {
    const { vcpus, ramMiB, diskGiB, flavorId, ephemeralGiB = 0, swapMiB = 0, extraSpecs, projectIds = {} } = args;
    const flavor = new openstack.compute.Flavor(
      `${prefix}-flavor`,
      {
        name: flavorName,
        vcpus,
        ram: ramMiB,
        disk: diskGiB,
        flavorId,
        isPublic: args.isPublic ?? Object.keys(projectIds).length === 0,
        ephemeral: ephemeralGiB,
        swap: swapMiB,
        extraSpecs,
      },
      // Name and id are unique, so a new one needs the old one gone.
      { parent: this, deleteBeforeReplace: true },
    );
    const accessIds = Object.entries(projectIds).map(
      ([label, tenantId]) =>
        new openstack.compute.FlavorAccess(
          `${prefix}-${label}-access`,
          { flavorId: flavor.id, tenantId },
          { parent: this, deleteBeforeReplace: true },
        ).id,
    );
    return knownOnce(flavor.id, accessIds);
  }
}

/** Everything wrong with the arguments of a {@link FlavorCatalog}. */
function flavorCatalogProblems({ flavors }: FlavorCatalogArgs): Problem[] {
  const takenBy = new Map<string, string>();
  return Object.entries(flavors).flatMap(([name, flavor]) => {
    const problems = flavorProblems(name, flavor);
    const { flavorId } = flavor;
    const other = flavorId === undefined ? undefined : takenBy.get(flavorId);
    if (flavorId !== undefined && other !== undefined)
      problems.push({ path: "flavorId", reason: `"${flavorId}" is the id of ${other} too; ids are unique` });
    else if (flavorId !== undefined) takenBy.set(flavorId, name);
    return under(`flavors.${name}`, problems);
  });
}

function flavorProblems(name: string, flavor: FlavorArgs): Problem[] {
  const {
    vcpus,
    ramMiB,
    diskGiB,
    flavorId,
    isPublic,
    ephemeralGiB,
    swapMiB,
    extraSpecs = {},
    projectIds = {},
  } = flavor;
  const problems = [
    ...wholeNumberProblems("vcpus", vcpus, 1),
    ...wholeNumberProblems("ramMiB", ramMiB, 1),
    ...wholeNumberProblems("diskGiB", diskGiB, 0),
    ...wholeNumberProblems("ephemeralGiB", ephemeralGiB ?? 0, 0),
    ...wholeNumberProblems("swapMiB", swapMiB ?? 0, 0),
  ];
  if (name === "" || name.trim() !== name || name.length > LONGEST_NAME)
    problems.push({
      path: "",
      reason: `the name has ${name.length} characters or spaces at an end; use 1 to ${LONGEST_NAME} without them`,
    });
  if (flavorId !== undefined && (!ID_PATTERN.test(flavorId) || flavorId.length > LONGEST_NAME))
    problems.push({
      path: "flavorId",
      reason: `"${flavorId}" is not an id; use up to ${LONGEST_NAME} letters, digits, dots, dashes, underscores and inner spaces`,
    });
  if (isPublic === true && Object.keys(projectIds).length > 0)
    problems.push({
      path: "projectIds",
      reason: "a public flavor is everyone's; leave this out, or set isPublic to false",
    });
  for (const key of Object.keys(extraSpecs).filter((candidate) => !EXTRA_SPEC_PATTERN.test(candidate)))
    problems.push({
      path: `extraSpecs.${key}`,
      reason: "is not a key; use up to 255 letters, digits, colons, dots, dashes, underscores and spaces",
    });
  return problems;
}

function wholeNumberProblems(path: string, value: number, least: number): Problem[] {
  return Number.isInteger(value) && value >= least
    ? []
    : [{ path, reason: `${value} is too few or not whole; write a whole number from ${least}` }];
}
