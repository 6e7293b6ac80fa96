import { readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { AdminApi } from "./adminApi.ts";
import { neutronState } from "./config/neutron.ts";
import type { Supervised } from "./supervised.ts";

const Agents = z.object({
  agents: z.array(z.object({ binary: z.string(), alive: z.boolean(), started_at: z.string() })),
});
const Services = z.object({
  services: z.array(z.object({ binary: z.string(), state: z.string(), updated_at: z.string().nullable() })),
});
const Hypervisors = z.object({ hypervisors: z.array(z.unknown()) });

/** Neutron's, which have reported in since the given time. */
export async function aliveAgents(api: AdminApi, since: Date): Promise<Set<string>> {
  const { agents } = Agents.parse(await api.call("network", "GET", "/v2.0/agents"));
  return new Set(
    agents.flatMap(({ binary, alive, started_at }) => (alive && utc(started_at) >= since.getTime() ? [binary] : [])),
  );
}

export async function computeIsUp(api: AdminApi, since: Date): Promise<boolean> {
  const { services } = Services.parse(await api.call("compute", "GET", "/os-services?binary=nova-compute"));
  // Without an update its record is so new that there was none.
  return services.some(
    ({ state, updated_at }) => state === "up" && (updated_at === null || utc(updated_at) >= since.getTime()),
  );
}

/** Whether instances can be scheduled there: Nova lists only hosts that have been mapped to a cell. */
export async function hostIsMapped(api: AdminApi): Promise<boolean> {
  return Hypervisors.parse(await api.call("compute", "GET", "/os-hypervisors")).hypervisors.length > 0;
}

/** Whether every network that had a DHCP server has one again. */
export function dhcpIsBack(others: readonly Supervised["processes"][number][]): boolean {
  let networks: string[] = [];
  try {
    networks = readdirSync(join(neutronState, "dhcp")).filter((name) => name.length === 36);
  } catch {
    // none yet
  }
  return networks.every((id) => others.some(({ argv }) => argv[0]?.endsWith("dnsmasq") && argv.join(" ").includes(id)));
}

/** OpenStack's times carry no zone and mean UTC. */
function utc(time: string): number {
  return Date.parse(`${time.replace(" ", "T").replace(/(\.\d+)?Z?$/, "")}Z`);
}
