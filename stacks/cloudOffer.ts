import type { Lab } from "../lab/labSchema.ts";
import { neededServices, type OptionalServiceName } from "../lab/neededServices.ts";
import { readCatalog, readComputeHosts, readNetworkExtensions, readRoles } from "../openstack/catalog.ts";
import type { Session } from "../openstack/session.ts";
import type { CloudOffer } from "./labChoices.ts";

/** Reads what the cloud offers, as far as this lab needs to know; changes nothing. */
export async function cloudOffer(session: Session, lab: Lab): Promise<CloudOffer> {
  const [catalog, services, roleIds, computeHosts] = await Promise.all([
    readCatalog(session),
    offeredServices(session, lab),
    needsRoles(lab) ? readRoles(session) : {},
    Object.keys(lab.class.hostAggregates).length === 0 ? [] : readComputeHosts(session),
  ]);
  return { catalog, services, roleIds, computeHosts: computeHosts.map(({ name }) => name) };
}

function needsRoles({ class: { projects }, student }: Lab): boolean {
  return student.project !== undefined || Object.keys(projects).length > 0;
}

async function offeredServices(session: Session, lab: Lab): Promise<Set<OptionalServiceName>> {
  const needed = neededServices(lab).map(({ service }) => service);
  const extensions = needed.includes("vpn") || needed.includes("fwaas") ? await readNetworkExtensions(session) : [];
  const offered: Record<OptionalServiceName, boolean> = {
    cinder: session.hasService("volume"),
    swift: session.hasService("object-store"),
    octavia: session.hasService("load-balancer"),
    vpn: extensions.includes("vpnaas"),
    fwaas: extensions.includes("fwaas_v2"),
  };
  return new Set(needed.filter((service) => offered[service]));
}
