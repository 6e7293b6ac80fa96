import type { Lab } from "./labSchema.ts";
import type { Quotas } from "./schemaTypes.ts";

/** How much of everything that OpenStack counts; memory in MiB, volumes in GiB. */
export type Demand = Required<{ [key in keyof Quotas]-?: number }>;

export interface FlavorSize {
  vcpus: number;
  ramMiB: number;
}

/** Rules that Neutron itself puts into every security group: out to everywhere, for IPv4 and IPv6. */
const DEFAULT_RULES = 2;
/** The project's `default` group is counted too; it has two more rules, in from itself. */
export const DEFAULT_GROUP = { securityGroups: 1, securityGroupRules: 4 };

/**
 * What one student's part of the lab takes.
 *
 * @param sizeOf size of a flavor by name; undefined counts as nothing, when it is not known yet
 */
export function studentDemand({ student }: Lab, sizeOf: (flavor: string) => FlavorSize | undefined): Demand {
  const { networks, routers, securityGroups, instances, volumes, snapshots, loadBalancers } = student;
  const entries = Object.values(instances);
  const balancers = Object.values(loadBalancers);
  const ownBalancers = balancers.filter(({ madeOf }) => madeOf === "instance");
  const sizes = [...entries, ...ownBalancers].map(({ flavor = "" }) => sizeOf(flavor) ?? { vcpus: 0, ramMiB: 0 });
  const groups = Object.values(securityGroups);
  const bootVolumes = entries.flatMap(({ bootVolume }) => (bootVolume === undefined ? [] : [bootVolume.sizeGiB ?? 0]));
  const snapshotSizes = Object.values(snapshots).map(({ of }) => volumes[of]?.sizeGiB ?? 0);
  const interfaces = Object.values(routers).reduce((sum, router) => sum + router.interfaces.length, 0);
  const served = Object.values(networks).filter(({ dhcp }) => dhcp).length;
  return {
    instances: entries.length + ownBalancers.length,
    cores: total(sizes.map(({ vcpus }) => vcpus)),
    ramMiB: total(sizes.map(({ ramMiB }) => ramMiB)),
    keyPairs: entries.length > 0 ? 1 : 0,
    networks: Object.keys(networks).length,
    subnets: Object.keys(networks).length,
    routers: Object.keys(routers).length,
    ports: total(entries.map(({ moreNetworks }) => 1 + moreNetworks.length)) + balancers.length + interfaces + served,
    floatingIps: [...entries, ...balancers].filter(({ floatingIp }) => floatingIp !== undefined).length,
    securityGroups: groups.length + DEFAULT_GROUP.securityGroups,
    securityGroupRules: total(groups.map((rules) => rules.length + DEFAULT_RULES)) + DEFAULT_GROUP.securityGroupRules,
    volumes: Object.keys(volumes).length + bootVolumes.length,
    volumeGiB: total([...Object.values(volumes).map(({ sizeGiB }) => sizeGiB), ...bootVolumes, ...snapshotSizes]),
    snapshots: snapshotSizes.length,
  };
}

/** Of so many students. */
export function times(demand: Demand, students: number): Demand {
  return mapDemand(demand, (value) => value * students);
}

function mapDemand(demand: Demand, change: (value: number) => number): Demand {
  const { instances, cores, ramMiB, keyPairs, networks, subnets, routers } = demand;
  const { ports, floatingIps, securityGroups, securityGroupRules, volumes, volumeGiB, snapshots } = demand;
  return {
    ...{ instances: change(instances), cores: change(cores), ramMiB: change(ramMiB), keyPairs: change(keyPairs) },
    ...{ networks: change(networks), subnets: change(subnets), routers: change(routers), ports: change(ports) },
    ...{ floatingIps: change(floatingIps), securityGroups: change(securityGroups) },
    ...{ securityGroupRules: change(securityGroupRules), volumes: change(volumes) },
    ...{ volumeGiB: change(volumeGiB), snapshots: change(snapshots) },
  };
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
