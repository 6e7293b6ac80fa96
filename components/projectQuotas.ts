import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { zeroQuotaProblem } from "../lab/networkQuotas.ts";
import type { Problem } from "../lab/problem.ts";

/**
 * How much a project may use. -1 is unlimited; what is left out keeps the cloud's own default.
 * https://docs.openstack.org/nova/latest/admin/quotas.html
 */
export interface ProjectQuotas {
  instances?: number;
  /** Virtual CPUs of all instances. */
  cores?: number;
  /** Memory of all instances in MiB. */
  ramMiB?: number;
  /** For each user, whatever the project. */
  keyPairs?: number;
  networks?: number;
  subnets?: number;
  routers?: number;
  /** Every instance, router interface, DHCP service and floating IP has one. */
  ports?: number;
  floatingIps?: number;
  /** Neutron makes a group `default` by itself, which counts. */
  securityGroups?: number;
  /** Every group begins with two rules, `default` with four. */
  securityGroupRules?: number;
  volumes?: number;
  /** Size of all volumes and snapshots in GiB. */
  volumeGiB?: number;
  snapshots?: number;
}

/** Nova's quotas end here: a column of 32 bits. */
const HIGHEST_QUOTA = 2_147_483_647;
/** Everything wrong with quotas, each under its own name. */
export function quotaProblems(quotas: ProjectQuotas, path = "quotas"): Problem[] {
  return Object.entries(quotas).flatMap(([name, value]: [string, number | undefined]) => {
    if (value === undefined) return [];
    if (!Number.isInteger(value) || value < -1 || value > HIGHEST_QUOTA)
      return [
        {
          path: `${path}.${name}`,
          reason: `${value} is not a quota; write a whole number from 0 to ${HIGHEST_QUOTA}, or -1 for unlimited`,
        },
      ];
    return value === 0 ? zeroQuotaProblem(`${path}.${name}`, name) : [];
  });
}

/**
 * Sets the quotas that are asked for, and no others. Nothing is undone when they are taken away again: deleting a quota set only forgets
 * it, and the values end with the project.
 *
 * @returns ids of what was set, known once it is.
 */
export function setQuotas(
  name: string,
  projectId: pulumi.Input<string>,
  quotas: ProjectQuotas,
  opts: { parent: pulumi.Resource },
): pulumi.Output<string>[] {
  return [
    ...computeQuotas(name, projectId, quotas, opts),
    ...networkQuotas(name, projectId, quotas, opts),
    ...volumeQuotas(name, projectId, quotas, opts),
  ].map(({ id }) => id);
}

interface Place {
  parent: pulumi.Resource;
}

function computeQuotas(
  name: string,
  projectId: pulumi.Input<string>,
  { instances, cores, ramMiB, keyPairs }: ProjectQuotas,
  opts: Place,
): pulumi.CustomResource[] {
  if (isEmpty([instances, cores, ramMiB, keyPairs])) return [];
  const wanted = { instances, cores, ram: ramMiB, keyPairs };
  return [new openstack.compute.QuotaSetV2(`${name}-compute-quotas`, { projectId, ...wanted }, opts)];
}

function networkQuotas(
  name: string,
  projectId: pulumi.Input<string>,
  quotas: ProjectQuotas,
  opts: Place,
): pulumi.CustomResource[] {
  const { networks, subnets, routers, ports, floatingIps, securityGroups, securityGroupRules } = quotas;
  const groupQuotas = [securityGroups, securityGroupRules];
  if (isEmpty([networks, subnets, routers, ports, floatingIps, ...groupQuotas])) return [];
  const wanted = { network: networks, subnet: subnets, router: routers, port: ports, floatingip: floatingIps };
  if (isEmpty(groupQuotas))
    return [new openstack.networking.QuotaV2(`${name}-network-quotas`, { projectId, ...wanted }, opts)];
  // The provider sets groups and rules only together, and takes a missing number of rules for 0.
  const present = openstack.networking.getQuotaV2Output({ projectId }, opts);
  const groups = {
    securityGroup: securityGroups ?? present.securityGroup,
    securityGroupRule: securityGroupRules ?? present.securityGroupRule,
  };
  return [new openstack.networking.QuotaV2(`${name}-network-quotas`, { projectId, ...wanted, ...groups }, opts)];
}

function volumeQuotas(
  name: string,
  projectId: pulumi.Input<string>,
  { volumes, volumeGiB, snapshots }: ProjectQuotas,
  opts: Place,
): pulumi.CustomResource[] {
  if (isEmpty([volumes, volumeGiB, snapshots])) return [];
  // The provider sets the whole set, and takes everything missing for 0: what is not asked for is set to what it is.
  const present = openstack.blockstorage.getQuotasetV3Output({ projectId }, opts);
  return [
    new openstack.blockstorage.QuoteSetV3(
      `${name}-volume-quotas`,
      {
        projectId,
        volumes: volumes ?? present.volumes,
        gigabytes: volumeGiB ?? present.gigabytes,
        snapshots: snapshots ?? present.snapshots,
        perVolumeGigabytes: present.perVolumeGigabytes,
        backups: present.backups,
        backupGigabytes: present.backupGigabytes,
        groups: present.groups,
      },
      opts,
    ),
  ];
}

function isEmpty(quotas: readonly (number | undefined)[]): boolean {
  return quotas.every((quota) => quota === undefined);
}
