import { z } from "zod";
import { unlessGone } from "./apiError.ts";
import { nothing, type Session } from "./session.ts";

/**
 * Deletes what the services made for a project by themselves and would keep after its end: Neutron's security group `default`, and the
 * quotas of Nova, Neutron and Cinder. Only an administrator may. Fine when there is nothing.
 *
 * @throws {ApiError} while a port still uses the group, before anything is deleted.
 */
export async function deleteProjectLeftovers(session: Session, projectId: string): Promise<void> {
  const query = new URLSearchParams({ project_id: projectId, name: "default", fields: "id" });
  const schema = z.object({ security_groups: z.array(z.object({ id: z.string() })) });
  const path = `/v2.0/security-groups?${query.toString()}`;
  const { security_groups } = await session.request("network", "GET", path, schema);
  for (const { id } of security_groups)
    await unlessGone(session.request("network", "DELETE", `/v2.0/security-groups/${id}`, nothing));
  await unlessGone(session.request("network", "DELETE", `/v2.0/quotas/${projectId}`, nothing));
  await unlessGone(session.request("compute", "DELETE", `/os-quota-sets/${projectId}`, nothing));
  if (session.hasService("volume"))
    await unlessGone(session.request("volume", "DELETE", `/os-quota-sets/${projectId}`, nothing));
}
