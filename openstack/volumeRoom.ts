import { z } from "zod";
import type { Session } from "./session.ts";
import { ifVisible } from "./visible.ts";

/** Backends without a bound, or that cannot tell, say so in a word. */
const gibibytes = z.union([z.number(), z.enum(["infinite", "unknown"]).transform(() => Infinity)]);
const poolsSchema = z.object({
  pools: z.array(
    z.object({
      capabilities: z.object({
        total_capacity_gb: gibibytes.default(Infinity),
        free_capacity_gb: gibibytes.default(Infinity),
        provisioned_capacity_gb: z.number().default(0),
        reserved_percentage: z.number().default(0),
        max_over_subscription_ratio: z.coerce.number().catch(1),
        thin_provisioning_support: z.boolean().default(false),
      }),
    }),
  ),
});
type Capabilities = z.infer<typeof poolsSchema>["pools"][number]["capabilities"];

/**
 * GiB that new volumes can take of all of Cinder's backends together, by the rules of its CapacityFilter.
 * https://docs.openstack.org/cinder/latest/admin/over-subscription.html
 *
 * @returns undefined when these credentials may not see the backends, or the cloud has no Cinder; Infinity without a bound
 */
export async function readVolumeRoom(session: Session): Promise<number | undefined> {
  if (!session.hasService("volume")) return undefined;
  const path = "/scheduler-stats/get_pools?detail=true";
  const answer = await ifVisible(session.request("volume", "GET", path, poolsSchema));
  return answer?.pools.map(({ capabilities }) => roomOf(capabilities)).reduce((sum, room) => sum + room, 0);
}

function roomOf(pool: Capabilities): number {
  const { total_capacity_gb: total, free_capacity_gb: free, max_over_subscription_ratio: ratio } = pool;
  if (!Number.isFinite(total) || !Number.isFinite(free)) return Infinity;
  const usable = free - Math.floor((total * pool.reserved_percentage) / 100);
  if (!pool.thin_provisioning_support || ratio < 1) return Math.max(0, Math.floor(usable));
  return Math.max(0, Math.floor(Math.min(usable * ratio, total * ratio - pool.provisioned_capacity_gb)));
}
