import type { OptionalService } from "./optionalService.ts";
import type { ServiceUser } from "./secrets.ts";

/** What the cloud offers on 127.0.0.1, inside its namespace and on the host alike. */
export const identityPort = 5000;
export const authUrl = `http://127.0.0.1:${identityPort}/v3`;
export const region = "RegionOne";

/** An API as Keystone's catalogue names it, at http://127.0.0.1:<port><path>. */
export interface CatalogueEntry {
  /** Unique in the catalogue. */
  name: string;
  type: string;
  port: number;
  /** "" or from the first slash on; %(project_id)s stands for the project's. */
  path: string;
}

/** The core's, beside Keystone itself; each service has a user of the same name. */
export const apis: readonly (CatalogueEntry & { name: ServiceUser })[] = [
  { name: "nova", type: "compute", port: 8774, path: "/v2.1" },
  { name: "placement", type: "placement", port: 8778, path: "" },
  { name: "glance", type: "image", port: 9292, path: "" },
  { name: "neutron", type: "network", port: 9696, path: "" },
];

/** Ports of 127.0.0.1 that lead into the cloud. */
export function hostPorts(services: readonly OptionalService[]): number[] {
  const optional = services.flatMap(({ catalogue = [], hostPorts = [] }) => [
    ...catalogue.map(({ port }) => port),
    ...hostPorts,
  ]);
  return [...new Set([identityPort, ...apis.map(({ port }) => port), ...optional])];
}
