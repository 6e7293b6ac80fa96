import pLimit from "p-limit";
import { z } from "zod";
import { ApiError } from "./apiError.ts";
import { readComputeHosts } from "./catalog.ts";
import type { Session } from "./session.ts";
import { ifVisible } from "./visible.ts";

/** What instances take of a host. */
export interface HostSizes {
  vcpus: number;
  ramMiB: number;
  diskGiB: number;
}

/** What new instances can still take of one compute host. What is undefined is not limited there, or not known. */
export interface HostRoom {
  /** As a host aggregate takes it. */
  name: string;
  availabilityZone: string;
  free: Partial<HostSizes>;
  /** Most that one instance may take, be the host ever so empty. */
  largest: Partial<HostSizes>;
}

export interface HostsRoom {
  /** Those that run and take new instances. */
  hosts: HostRoom[];
  /** "placement" knows overcommitment and what is reserved; "nova" is the plain memory and disk of the hypervisors. */
  source: "placement" | "nova";
}

const hypervisorsSchema = z.object({
  hypervisors: z.array(
    z.object({
      hypervisor_hostname: z.string(),
      state: z.string(),
      status: z.string(),
      free_ram_mb: z.number(),
      free_disk_gb: z.number(),
      service: z.object({ host: z.string() }),
    }),
  ),
});
type Hypervisor = z.infer<typeof hypervisorsSchema>["hypervisors"][number];

const providersSchema = z.object({ resource_providers: z.array(z.object({ uuid: z.string(), name: z.string() })) });
const inventorySchema = z.object({
  total: z.number(),
  reserved: z.number(),
  allocation_ratio: z.number(),
  max_unit: z.number(),
});
const inventoriesSchema = z.object({ inventories: z.record(z.string(), inventorySchema) });
const usagesSchema = z.object({ usages: z.record(z.string(), z.number()) });
/** Placement's names: https://docs.openstack.org/os-resource-classes/latest/ */
const CLASSES = { vcpus: "VCPU", ramMiB: "MEMORY_MB", diskGiB: "DISK_GB" } as const;

/** Hosts asked at once: a large cloud has hundreds, and its Placement has others to serve. */
const AT_ONCE = 8;

/**
 * Free room on every compute host that takes instances. Host by host, because an instance must fit on one.
 * https://docs.openstack.org/api-ref/placement/#resource-provider-inventories
 *
 * @returns undefined when these credentials may not see the hosts; usually only an administrator may
 */
export async function readHostsRoom(session: Session): Promise<HostsRoom | undefined> {
  const seen = await Promise.all([
    // The oldest microversion still has the sizes beside the state.
    ifVisible(session.request("compute", "GET", "/os-hypervisors/detail", hypervisorsSchema)),
    ifVisible(readComputeHosts(session)),
  ]);
  if (seen[0] === undefined) return undefined;
  const zones = new Map((seen[1] ?? []).map(({ name, availabilityZone }) => [name, availabilityZone]));
  const hypervisors = seen[0].hypervisors.filter(({ state, status }) => state === "up" && status === "enabled");
  const providers = await readProviders(session);
  const limit = pLimit(AT_ONCE);
  const rooms = await Promise.all(
    hypervisors.map((hypervisor) =>
      limit(async () => {
        const { host } = hypervisor.service;
        const provider = providers?.get(hypervisor.hypervisor_hostname);
        const sizes =
          provider === undefined ? sizesWithoutPlacement(hypervisor) : await readProviderSizes(session, provider);
        return { name: host, availabilityZone: zones.get(host) ?? "nova", ...sizes };
      }),
    ),
  );
  return { hosts: rooms, source: providers === undefined ? "nova" : "placement" };
}

/** Ids of Placement's resource providers by the name of the hypervisor; undefined when it may not be asked. */
async function readProviders(session: Session): Promise<Map<string, string> | undefined> {
  if (!session.hasService("placement")) return undefined;
  const answer = await ifVisible(session.request("placement", "GET", "/resource_providers", providersSchema));
  return answer === undefined ? undefined : new Map(answer.resource_providers.map(({ uuid, name }) => [name, uuid]));
}

async function readProviderSizes(session: Session, id: string): Promise<Pick<HostRoom, "free" | "largest">> {
  const path = `/resource_providers/${id}`;
  try {
    const [{ inventories }, { usages }] = await Promise.all([
      session.request("placement", "GET", `${path}/inventories`, inventoriesSchema),
      session.request("placement", "GET", `${path}/usages`, usagesSchema),
    ]);
    const inventory = Object.entries(CLASSES).flatMap(([size, name]) => {
      const found = inventories[name];
      return found === undefined ? [] : [{ size, found, used: usages[name] ?? 0 }];
    });
    return {
      free: Object.fromEntries(
        inventory.map(({ size, found: { total, reserved, allocation_ratio: ratio }, used }) => [
          size,
          Math.floor((total - reserved) * ratio) - used,
        ]),
      ),
      largest: Object.fromEntries(inventory.map(({ size, found }) => [size, found.max_unit])),
    };
  } catch (error) {
    // A host may be taken away while we ask.
    if (error instanceof ApiError && error.status === 404) return { free: { vcpus: 0, ramMiB: 0 }, largest: {} };
    throw error;
  }
}

/** How far CPUs are overcommitted only Placement knows. */
function sizesWithoutPlacement({ free_ram_mb, free_disk_gb }: Hypervisor): Pick<HostRoom, "free" | "largest"> {
  return { free: { ramMiB: free_ram_mb, diskGiB: free_disk_gb }, largest: {} };
}
