import type { FakeAnswer, Offers } from "./fakeOpenStack.ts";

/** What the administrator of a small cloud sees: two hosts, one external network, plenty of quota. Answers by path; change what a test is about. */
export interface FakeCapacity {
  /** Of the teacher's project: Nova's, Neutron's and Cinder's own names. @default 20 of everything, 2 in use */
  projectQuota?: Record<string, number>;
  /** Of new projects. @default 10 of everything */
  defaultQuota?: Record<string, number>;
  /** Addresses of the network `net-campus`. @default 100, 10 in use */
  campus?: { total: number; used: number };
}

const COMPUTE = ["instances", "cores", "ram", "key_pairs"];
const NETWORK = [
  ...["network", "subnet", "router", "port", "floatingip", "security_group", "security_group_rule"],
  ...["firewall_group", "firewall_policy", "firewall_rule"],
];
const VOLUME = ["volumes", "gigabytes", "snapshots", "per_volume_gigabytes"];
const MEMORY: Record<string, number> = { ram: 8192, gigabytes: 500 };

export function capacityAnswers({ projectQuota = {}, defaultQuota = {}, campus }: FakeCapacity = {}) {
  const project = (names: readonly string[], used: string) =>
    named(names, (name) => ({
      limit: projectQuota[name] ?? MEMORY[name] ?? 20,
      [used]: 2,
      reserved: 0,
    }));
  const defaults = (names: readonly string[]) => named(names, (name) => defaultQuota[name] ?? MEMORY[name] ?? 10);
  const { total, used } = campus ?? { total: 100, used: 10 };
  const bodies: Record<string, object> = {
    "GET /compute/os-quota-sets/p/detail": { quota_set: { id: "p", ...project(COMPUTE, "in_use") } },
    "GET /compute/os-quota-sets/p/defaults": { quota_set: { id: "p", ...defaults(COMPUTE) } },
    "GET /compute/os-keypairs": { keypairs: [{ keypair: {} }, { keypair: {} }, { keypair: {} }] },
    "GET /network/v2.0/quotas/p/details": { quota: project(NETWORK, "used") },
    "GET /network/v2.0/quotas/p/default": { quota: defaults(NETWORK) },
    "GET /volume/os-quota-sets/p?usage=true": { quota_set: project(VOLUME, "in_use") },
    "GET /volume/os-quota-sets/p/defaults": { quota_set: { id: "p", ...defaults(VOLUME) } },
    "GET /volume/scheduler-stats/get_pools?detail=true": { pools: [pool(100, 60)] },
    "GET /network/v2.0/network-ip-availabilities/net-campus": {
      network_ip_availability: {
        subnet_ip_availability: [
          { ip_version: 4, total_ips: total, used_ips: used },
          { ip_version: 6, total_ips: 2 ** 64, used_ips: 1 },
        ],
      },
    },
    "GET /compute/os-hypervisors/detail": {
      hypervisors: [hypervisor("c1"), hypervisor("c2"), { ...hypervisor("c3"), state: "down" }],
    },
    "GET /compute/os-services?binary=nova-compute": {
      services: ["c1", "c2", "c3"].map((host) => ({ host, zone: "nova", state: "up", status: "enabled" })),
    },
    "GET /placement/resource_providers": {
      resource_providers: ["c1", "c2", "c3"].map((name) => ({ uuid: `rp-${name}`, name: `${name}.example.org` })),
    },
    ...placement("c1", 1024),
    ...placement("c2", 0),
    "GET /identity/v3/roles": { roles: [{ id: "r1", name: "member" }] },
    "GET /identity/v3/roles?name=-": { roles: [] },
    "GET /identity/v3/projects?name=-": { projects: [] },
    "GET /identity/v3/users?name=-": { users: [] },
    "GET /compute/os-aggregates": { aggregates: [] },
    "GET /network/v2.0/quotas/-": { quota: {} },
  };
  const answers = Object.fromEntries(
    Object.entries(bodies).map(([request, body]): [string, () => FakeAnswer] => [request, () => ({ body })]),
  );
  return answers satisfies Offers["answers"];
}

/** The same cloud for somebody who is no administrator. */
export function memberAnswers(capacity: FakeCapacity = {}) {
  const forbidden = /hypervisors|os-services|os-aggregates|placement|get_pools|identity|quotas\/-|availabilities/;
  return Object.fromEntries(
    Object.entries(capacityAnswers(capacity)).map(([request, answer]): [string, () => FakeAnswer] => [
      request,
      forbidden.test(request) ? () => ({ status: request.includes("availabilities") ? 404 : 403, body: {} }) : answer,
    ]),
  );
}

export const pool = (total: number, free: number, more: object = {}) => ({
  name: "c1@lvm#lvm",
  capabilities: { total_capacity_gb: total, free_capacity_gb: free, reserved_percentage: 10, ...more },
});

const hypervisor = (host: string) => ({
  ...{ hypervisor_hostname: `${host}.example.org`, state: "up", status: "enabled", service: { host } },
  ...{ free_ram_mb: 3000, free_disk_gb: 40 },
});

/** Eight CPUs, four times overcommitted; 4 GiB of memory, of which half a GiB is the host's own; 50 GiB of disk. */
function placement(host: string, usedRamMiB: number): Record<string, object> {
  const inventory = (total: number, reserved: number, ratio: number) => ({
    ...{ total, reserved, allocation_ratio: ratio, max_unit: total, min_unit: 1, step_size: 1 },
  });
  return {
    [`GET /placement/resource_providers/rp-${host}/inventories`]: {
      inventories: { VCPU: inventory(8, 0, 4), MEMORY_MB: inventory(4096, 512, 1), DISK_GB: inventory(50, 0, 1) },
    },
    [`GET /placement/resource_providers/rp-${host}/usages`]: { usages: { MEMORY_MB: usedRamMiB, VCPU: 2 } },
  };
}

function named<T>(names: readonly string[], value: (name: string) => T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}
