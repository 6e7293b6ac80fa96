import { DEFAULT_GROUP, type Demand, studentDemand } from "../lab/demand.ts";
import { parseIpv4Address, parseIpv4Block, parsePools } from "../lab/ipv4.ts";
import type { Lab } from "../lab/labSchema.ts";
import type { StudentNetwork } from "../lab/studentSchema.ts";
import type { InstanceNeed, InstanceSize } from "./placeStudents.ts";

/** Everything that a project's quotas count; memory in MiB, volumes in GiB. */
export interface QuotaDemand extends Demand {
  firewallGroups: number;
  firewallPolicies: number;
  firewallRules: number;
}

/** What students take of one network that all share. */
export interface AddressNeed {
  floatingIps: number;
  /** Each router with a gateway has one address there. */
  routerGateways: number;
  /** Of instances and load balancers right on it. */
  fixedIps: number;
}

/** What a class takes of a cloud, by the same plan that it is built from. */
export interface CapacityNeeds {
  /** Of one student's project, or for one student of the project that all share. */
  each: QuotaDemand;
  /** Largest volume of a student, in GiB. */
  largestVolumeGiB: number;
  /** Of the teacher's project for what the class shares and is not there yet. */
  once: Partial<QuotaDemand>;
  instances: InstanceNeed[];
  /** Hosts behind the availability zones that the class makes. */
  zones: Record<string, "all" | string[]>;
  /** By network of the class. */
  addresses: Record<string, AddressNeed>;
  /** Each student's own networks: addresses needed and there. */
  ownNetworks: { name: string; need: number; have: number }[];
  /** Parts of a large network, one for each student; without those of students who are gone. */
  seats: { network: string; of: string; each: number; parts: number }[];
  /** Set by the lab on each student's project; -1 is unlimited. */
  labQuotas: { [key in keyof QuotaDemand]?: number | undefined };
}

export interface NeedsOptions {
  /** Whether each student has a project of their own. */
  tenancy: "project" | "shared";
  /** Size of a flavor by its name in the lab; undefined counts as nothing. */
  sizeOf: (flavor: string) => InstanceSize | undefined;
  /** Networks of the class that still have to be made, by their name in the lab. */
  networksToMake: readonly string[];
  /** Seats that are kept free for students who are gone. @default 0 */
  keptSeats?: number;
}

/** FWaaS gives every project a default group with a policy for each direction and four rules: neutron-fwaas `firewall_db_v2.py`. */
const DEFAULT_FIREWALL = { firewallGroups: 1, firewallPolicies: 2, firewallRules: 4 };

/** What a lab's class takes. */
export function capacityNeeds(
  lab: Lab,
  { tenancy, sizeOf, networksToMake, keptSeats = 0 }: NeedsOptions,
): CapacityNeeds {
  const { student } = lab;
  const shared = tenancy === "shared";
  const volumes = [
    ...Object.values(student.volumes).map(({ sizeGiB }) => sizeGiB),
    ...Object.values(student.instances).map(({ bootVolume }) => bootVolume?.sizeGiB ?? 0),
  ];
  return {
    each: quotaDemand(lab, sizeOf, shared),
    largestVolumeGiB: Math.max(0, ...volumes),
    once: classDemand(lab, networksToMake),
    instances: instanceNeeds(lab, sizeOf),
    zones: Object.fromEntries(
      Object.values(lab.class.hostAggregates).flatMap(({ availabilityZone, hosts }) =>
        availabilityZone === undefined ? [] : [[availabilityZone, hosts] as const],
      ),
    ),
    addresses: Object.fromEntries(
      [...Object.keys(lab.class.providerNetworks), ...Object.keys(lab.class.sharedNetworks)].map((name) => [
        name,
        addressNeed(lab, name),
      ]),
    ),
    ownNetworks: Object.entries(student.networks).map(([name, network]) => ({
      name,
      need: fixedIpsOn(lab, name, network) + (network.dhcp ? 1 : 0),
      have: addressesOf(
        { ...network, cidr: typeof network.cidr === "string" ? network.cidr : `0.0.0.0/${network.cidr.each}` },
        !network.closed,
      ),
    })),
    seats: Object.entries(student.networks).flatMap(([network, { cidr }]) =>
      typeof cidr === "string"
        ? []
        : [{ network, ...cidr, parts: 2 ** (cidr.each - (parseIpv4Block(cidr.of)?.prefix ?? cidr.each)) - keptSeats }],
    ),
    labQuotas: shared ? {} : (student.project?.quotas ?? {}),
  };
}

function quotaDemand(lab: Lab, sizeOf: NeedsOptions["sizeOf"], shared: boolean): QuotaDemand {
  const firewalls = Object.values(lab.student.firewalls);
  const demand = studentDemand(lab, sizeOf);
  const own = {
    firewallGroups: firewalls.length,
    firewallPolicies: 2 * firewalls.length,
    firewallRules: firewalls.reduce((sum, { ingress, egress }) => sum + ingress.length + egress.length, 0),
  };
  if (!shared && firewalls.length > 0)
    return {
      ...demand,
      firewallGroups: own.firewallGroups + DEFAULT_FIREWALL.firewallGroups,
      firewallPolicies: own.firewallPolicies + DEFAULT_FIREWALL.firewallPolicies,
      firewallRules: own.firewallRules + DEFAULT_FIREWALL.firewallRules,
    };
  return {
    ...demand,
    ...own,
    // Students who share a project share its group `default` too, which is there already.
    securityGroups: demand.securityGroups - (shared ? DEFAULT_GROUP.securityGroups : 0),
    securityGroupRules: demand.securityGroupRules - (shared ? DEFAULT_GROUP.securityGroupRules : 0),
  };
}

function classDemand({ class: { providerNetworks, sharedNetworks } }: Lab, made: readonly string[]) {
  const dhcp = made.filter((name) => (providerNetworks[name] ?? sharedNetworks[name])?.dhcp === true);
  return { networks: made.length, subnets: made.length, ports: dhcp.length };
}

function instanceNeeds({ student }: Lab, sizeOf: NeedsOptions["sizeOf"]): InstanceNeed[] {
  const nothing = { vcpus: 0, ramMiB: 0, diskGiB: 0 };
  return [
    ...Object.entries(student.instances).map(
      ([name, { flavor, bootVolume, bootFromVolume, availabilityZone }]): InstanceNeed => {
        const { vcpus, ramMiB, diskGiB } = sizeOf(flavor) ?? nothing;
        const fromVolume = bootVolume !== undefined || bootFromVolume !== undefined;
        const size = { name, vcpus, ramMiB, diskGiB: fromVolume ? 0 : diskGiB };
        return availabilityZone === undefined ? size : { ...size, availabilityZone };
      },
    ),
    ...Object.entries(student.loadBalancers).flatMap(([name, { madeOf, flavor = "" }]) =>
      madeOf === "instance" ? [{ name, ...(sizeOf(flavor) ?? nothing) }] : [],
    ),
  ];
}

function addressNeed(lab: Lab, network: string): AddressNeed {
  const { instances, loadBalancers, routers } = lab.student;
  const entries = [...Object.values(instances), ...Object.values(loadBalancers)];
  return {
    floatingIps: entries.filter(({ floatingIp }) => floatingIp === network).length,
    routerGateways: Object.values(routers).filter(({ gateway }) => gateway === network).length,
    fixedIps: fixedIpsOn(lab, network),
  };
}

/** Ports of instances and load balancers on a network; those whose address lies beside the given network's pools take none of them. */
function fixedIpsOn({ student: { instances, loadBalancers } }: Lab, network: string, own?: StudentNetwork): number {
  const pools = own?.pools === undefined ? undefined : parsePools(own.pools);
  const takes = (address: string | undefined) => {
    const number = parseIpv4Address(address ?? "");
    if (number === undefined || pools === undefined) return true;
    return pools.some(
      ({ start, end }) => (parseIpv4Address(start) ?? 0) <= number && number <= (parseIpv4Address(end) ?? 0),
    );
  };
  const fixed = [
    ...Object.values(instances).map((instance) => ({ network: instance.network, address: instance.fixedIp })),
    ...Object.values(instances).flatMap(({ moreNetworks }) =>
      moreNetworks.map((each) => ({ network: each, address: undefined })),
    ),
    ...Object.values(loadBalancers),
  ];
  return fixed.filter((each) => each.network === network && takes(each.address)).length;
}

/**
 * How many addresses a subnet gives out: its pools, or else all but the network's own, the broadcast and the gateway's.
 *
 * @param hasGateway @default true
 */
export function addressesOf(subnet: { cidr: string; pools?: string[] | undefined }, hasGateway = true): number {
  if (subnet.pools !== undefined)
    return parsePools(subnet.pools)
      .map(({ start, end }) => (parseIpv4Address(end) ?? 0) - (parseIpv4Address(start) ?? 0) + 1)
      .reduce((sum, size) => sum + size, 0);
  const block = parseIpv4Block(subnet.cidr);
  return block === undefined ? 0 : block.last - block.first - 1 - (hasGateway ? 1 : 0);
}
