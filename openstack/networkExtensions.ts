import { z } from "zod";
import type { Session } from "./session.ts";

const schema = z.object({ extensions: z.array(z.object({ alias: z.string() })) });

/** What Neutron can do beyond its core, e.g. `vpnaas`: https://docs.openstack.org/api-ref/network/v2/#extensions */
export async function networkExtensions(session: Session): Promise<Set<string>> {
  const { extensions } = await session.request("network", "GET", "/v2.0/extensions", schema);
  return new Set(extensions.map(({ alias }) => alias));
}
