import { z } from "zod";
import { nothing, type Session } from "./session.ts";

/** A network that was begun to be made. */
export interface BegunNetwork {
  name: string;
  tags: readonly string[];
}

const networksSchema = z.object({ networks: z.array(z.object({ id: z.string(), tags: z.array(z.string()) })) });

/**
 * Neutron takes a network's tags only once it is there, in a request of their own. What was killed between the two is somebody else's by
 * its looks; it gets its tags. One that has any is left alone.
 */
export async function finishTags(session: Session, begun: readonly BegunNetwork[]): Promise<void> {
  for (const { name, tags } of begun) {
    const query = new URLSearchParams({ name, project_id: session.scope.projectId, fields: "id" });
    const path = `/v2.0/networks?${query.toString()}&fields=tags`;
    const { networks } = await session.request("network", "GET", path, networksSchema);
    const [network] = networks;
    if (network === undefined || networks.length > 1 || network.tags.length > 0) continue;
    await session.request("network", "PUT", `/v2.0/networks/${network.id}/tags`, nothing, { body: { tags } });
  }
}
