import { z } from "zod";
import { unlessGone } from "./apiError.ts";
import { nothing, type Session } from "./session.ts";
import { ifVisible } from "./visible.ts";

/**
 * Deletes what the services made for a project by themselves and would keep after its end: Neutron's security group `default`, FWaaS's
 * default firewall group, and the quotas of Nova, Neutron and Cinder. Only an administrator may. Fine when there is nothing.
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
  await deleteFirewallDefaults(session, projectId);
  await unlessGone(session.request("network", "DELETE", `/v2.0/quotas/${projectId}`, nothing));
  await unlessGone(session.request("compute", "DELETE", `/os-quota-sets/${projectId}`, nothing));
  if (session.hasService("volume"))
    await unlessGone(session.request("volume", "DELETE", `/os-quota-sets/${projectId}`, nothing));
}

/** The policies go with the group; the rules stay, and belong to nothing then. */
async function deleteFirewallDefaults(session: Session, projectId: string): Promise<void> {
  const named = z.object({ id: z.string(), name: z.string(), project_id: z.string() });
  const groupsSchema = z.object({ firewall_groups: z.array(named) });
  const rulesSchema = z.object({ firewall_rules: z.array(named) });
  const own = (list: z.infer<typeof named>[], name: RegExp) =>
    list.filter((each) => each.project_id === projectId && name.test(each.name));
  const fwaas = "/v2.0/fwaas";
  // Asked for the groups of a project, FWaaS would make the default one anew: it is asked for all.
  const groups = await ifVisible(
    session.request("network", "GET", `${fwaas}/firewall_groups?name=default`, groupsSchema),
  );
  // A cloud without firewalls does not know the path.
  if (groups === undefined) return;
  const { firewall_rules } = await session.request(
    "network",
    "GET",
    `${fwaas}/firewall_rules?project_id=${projectId}`,
    rulesSchema,
  );
  for (const { id } of own(groups.firewall_groups, /^default$/))
    await unlessGone(session.request("network", "DELETE", `${fwaas}/firewall_groups/${id}`, nothing));
  for (const { id } of own(firewall_rules, /^default (in|e)gress ipv[46]$/))
    await unlessGone(session.request("network", "DELETE", `${fwaas}/firewall_rules/${id}`, nothing));
}
