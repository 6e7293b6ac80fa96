import type { CapacityNeeds, QuotaDemand } from "./capacityNeeds.ts";
import { type CapacityRow, type ClassSize, ownRow, sharedRow } from "./capacityRow.ts";
import { type Host, type InstanceNeed, placeStudents } from "./placeStudents.ts";

/** One limit of a project; a limit of -1 is none. */
export interface Quota {
  limit: number;
  used: number;
}

export type Quotas = Partial<Record<keyof QuotaDemand | "largestVolumeGiB", Quota>>;

/** What the cloud has, as far as these credentials see it. */
export interface CapacityLimits {
  /** Of the teacher's project. */
  project: Quotas;
  /** That a new project gets. */
  newProject: Quotas;
  /** Addresses of the class's networks, by their name in the lab; undefined where they cannot be seen. */
  addresses: Record<string, { total: number; used: number; exact: boolean } | undefined>;
  /** undefined when they cannot be seen. */
  hosts: { hosts: readonly Host[]; source: "placement" | "nova" } | undefined;
  /** GiB on the volume backends; undefined when they cannot be seen. */
  volumeGiB: number | undefined;
}

export interface CapacityInput extends ClassSize {
  tenancy: "project" | "shared";
  needs: CapacityNeeds;
  limits: CapacityLimits;
}

/** Whether a class fits into a cloud, and what of it runs out first. */
export interface Certificate extends ClassSize {
  fits: boolean;
  /** The largest number of students in all that fits: `fits` is true for exactly those up to it. null when nothing seen runs out. */
  largestClass: number | null;
  /** What keeps the class from being larger; null when nothing seen does. */
  firstToRunOut: { resource: string; where: string } | null;
  rows: CapacityRow[];
  /** What could not be compared, because these credentials may not see it. */
  notVisible: string[];
}

/** More students than this are not tried for: a roster has at most as many. */
const MOST_STUDENTS = 5000;

/**
 * Compares what a class takes with what a cloud has left. Students who are there already count as used; what of theirs may have changed
 * since is not counted.
 */
export function certificate(input: CapacityInput): Certificate {
  const { students, alreadyThere } = input;
  const rows = [
    ...quotaRows(input),
    ...addressRows(input),
    ...ownNetworkRows(input),
    ...seatRows(input),
    ...hostRows(input),
    ...backendRows(input),
  ];
  const bounded = rows.flatMap((row) => (row.mostStudents === null ? [] : [{ row, most: row.mostStudents }]));
  const first = bounded.reduce<(typeof bounded)[number] | undefined>(
    (best, each) => (best === undefined || each.most < best.most ? each : best),
    undefined,
  );
  return {
    students,
    alreadyThere,
    fits: rows.every(({ missing }) => missing === 0),
    largestClass: first?.most ?? null,
    firstToRunOut: first === undefined ? null : { resource: first.row.resource, where: first.row.where },
    rows,
    notVisible: hidden(input),
  };
}

const QUOTA_WORDS: Record<keyof QuotaDemand, { resource: string; unit?: "MiB" | "GiB" }> = {
  instances: { resource: "instances" },
  cores: { resource: "virtual CPUs" },
  ramMiB: { resource: "memory", unit: "MiB" },
  keyPairs: { resource: "key pairs" },
  networks: { resource: "networks" },
  subnets: { resource: "subnets" },
  routers: { resource: "routers" },
  ports: { resource: "ports" },
  floatingIps: { resource: "floating IPs" },
  securityGroups: { resource: "security groups" },
  securityGroupRules: { resource: "security group rules" },
  volumes: { resource: "volumes" },
  volumeGiB: { resource: "volumes and snapshots", unit: "GiB" },
  snapshots: { resource: "snapshots" },
  firewallGroups: { resource: "firewall groups" },
  firewallPolicies: { resource: "firewall policies" },
  firewallRules: { resource: "firewall rules" },
};
const QUOTA_NAMES = Object.keys(QUOTA_WORDS).filter((name): name is keyof QuotaDemand => name in QUOTA_WORDS);

function quotaRows({ tenancy, needs, limits, ...size }: CapacityInput): CapacityRow[] {
  const { each, once, labQuotas, largestVolumeGiB } = needs;
  const shared = tenancy === "shared";
  const teachers = QUOTA_NAMES.flatMap((name) => {
    const [one, first] = [shared ? each[name] : 0, once[name] ?? 0];
    const quota = limits.project[name];
    if (one + first === 0 || quota === undefined) return [];
    const supply = { ...QUOTA_WORDS[name], where: "your project's quota", have: free(quota) };
    return [sharedRow({ ...supply, each: one, once: first }, size)];
  });
  const students = QUOTA_NAMES.flatMap((name) => {
    const quota = ofStudent(name, limits, labQuotas);
    if (shared || each[name] === 0 || quota === undefined) return [];
    const note = labQuotas[name] === undefined ? "the cloud's default" : "set by the lab";
    const supply = { ...QUOTA_WORDS[name], where: "each student's project", have: free(quota), note };
    return [ownRow({ ...supply, each: each[name] }, size)];
  });
  const { largestVolumeGiB: largest } = shared ? limits.project : limits.newProject;
  const where = shared ? "your project's quota" : "each student's project";
  const volume = { resource: "size of one volume", unit: "GiB", where, each: largestVolumeGiB } as const;
  return [
    ...teachers,
    ...students,
    ...(largest === undefined || largestVolumeGiB === 0
      ? []
      : [ownRow({ ...volume, have: largest.limit < 0 ? null : largest.limit }, size)]),
  ];
}

/** The quota that a student's own project will have. */
function ofStudent(name: keyof QuotaDemand, { newProject }: CapacityLimits, labQuotas: CapacityNeeds["labQuotas"]) {
  const set = labQuotas[name];
  return set === undefined ? newProject[name] : { limit: set, used: 0 };
}

const free = ({ limit, used }: Quota) => (limit < 0 ? null : limit - used);

function addressRows({ needs, limits, ...size }: CapacityInput): CapacityRow[] {
  return Object.entries(needs.addresses).flatMap(([network, { floatingIps, routerGateways, fixedIps }]) => {
    const room = limits.addresses[network];
    const each = floatingIps + routerGateways + fixedIps;
    if (room === undefined || each === 0) return [];
    const kinds = [
      ...(floatingIps > 0 ? ["floating IPs"] : []),
      ...(routerGateways > 0 ? ["router gateways"] : []),
      ...(fixedIps > 0 ? ["fixed IPs"] : []),
    ];
    const note = room.exact ? "" : "at most: only what you may see is counted as used";
    const supply = { resource: kinds.join(" and "), where: `addresses of ${network}`, have: room.total - room.used };
    return [sharedRow({ ...supply, each, note }, size)];
  });
}

function ownNetworkRows({ needs, ...size }: CapacityInput): CapacityRow[] {
  return needs.ownNetworks.map(({ name, need, have }) =>
    ownRow({ resource: "fixed IPs", where: `each student's ${name}`, each: need, have }, size),
  );
}

function seatRows({ needs, ...size }: CapacityInput): CapacityRow[] {
  return needs.seats.map(({ network, of, each, parts }) =>
    sharedRow(
      { resource: `parts of /${each}`, where: `${of} for ${network}`, each: 1, have: parts - size.alreadyThere },
      size,
    ),
  );
}

const SIZE_WORDS = { vcpus: "virtual CPUs", ramMiB: "memory", diskGiB: "disk" } as const;

function hostRows({ needs: { instances, zones }, limits, ...size }: CapacityInput): CapacityRow[] {
  if (limits.hosts === undefined || instances.length === 0) return [];
  const { hosts, source } = limits.hosts;
  const where = "compute hosts";
  const note = source === "nova" ? "without overcommitment" : "";
  const sums = (["vcpus", "ramMiB", "diskGiB"] as const).flatMap((key) => {
    const each = instances.reduce((sum, instance) => sum + instance[key], 0);
    const have = hosts.map(({ free: room }) => room[key]).reduce((sum, room) => addRoom(sum, room), 0);
    if (each === 0) return [];
    const unit = ({ vcpus: "", ramMiB: "MiB", diskGiB: "GiB" } as const)[key];
    return [sharedRow({ resource: SIZE_WORDS[key], unit, where, each, have: have ?? null, note }, size)];
  });
  const mayUse = ({ availabilityZone: zone }: InstanceNeed, host: Host) => {
    if (zone === undefined) return true;
    const made = zones[zone];
    return made === undefined ? host.availabilityZone === zone : made === "all" || made.includes(host.name);
  };
  const placed = placeStudents(instances, hosts, mayUse, MOST_STUDENTS);
  const lacks = placed.blocked?.lacks.map((key) => SIZE_WORDS[key]).join(" and ") ?? "";
  const blocked =
    placed.blocked === undefined
      ? ""
      : `then ${placed.blocked.instance} finds no host${lacks === "" ? "" : `: ${lacks}`}`;
  const places = { resource: "places for instances", where, each: instances.length };
  const have = placed.students === MOST_STUDENTS ? null : placed.students * instances.length;
  return [...sums, sharedRow({ ...places, have, note: blocked }, size)];
}

/** undefined is without a limit, which a full host beside it does not change. */
function addRoom(sum: number | undefined, room: number | undefined): number | undefined {
  return sum === undefined || room === undefined ? undefined : sum + Math.max(0, room);
}

function backendRows({ needs, limits, ...size }: CapacityInput): CapacityRow[] {
  const { volumeGiB: each } = needs.each;
  if (limits.volumeGiB === undefined || each === 0) return [];
  const have = Number.isFinite(limits.volumeGiB) ? limits.volumeGiB : null;
  return [sharedRow({ resource: "volumes and snapshots", unit: "GiB", where: "volume backends", each, have }, size)];
}

function hidden({ tenancy, needs, limits }: CapacityInput): string[] {
  const quotas = QUOTA_NAMES.filter((name) => {
    const own = tenancy === "project" && needs.each[name] > 0 && ofStudent(name, limits, needs.labQuotas) === undefined;
    const teachers = (tenancy === "shared" ? needs.each[name] : 0) + (needs.once[name] ?? 0) > 0;
    return own || (teachers && limits.project[name] === undefined);
  });
  const networks = Object.entries(needs.addresses).flatMap(([network, need]) =>
    limits.addresses[network] === undefined && need.floatingIps + need.routerGateways + need.fixedIps > 0
      ? [network]
      : [],
  );
  return [
    ...(quotas.length === 0 ? [] : [`quotas of ${quotas.map((name) => QUOTA_WORDS[name].resource).join(", ")}`]),
    ...networks.map((network) => `addresses of ${network}`),
    ...(limits.hosts === undefined && needs.instances.length > 0 ? ["compute hosts"] : []),
    ...(limits.volumeGiB === undefined && needs.each.volumeGiB > 0 ? ["volume backends"] : []),
  ];
}
