import type { OptionalService } from "./optionalService.ts";
import { ports } from "./ports.ts";
import type { ServiceUser } from "./secrets.ts";

/** What the cloud offers on 127.0.0.1, inside its namespace and on the host alike. */
export const authUrl = `http://127.0.0.1:${ports.identity}/v3`;
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
  { name: "nova", type: "compute", port: ports.compute, path: "/v2.1" },
  { name: "placement", type: "placement", port: ports.placement, path: "" },
  { name: "glance", type: "image", port: ports.image, path: "" },
  { name: "neutron", type: "network", port: ports.network, path: "" },
];

/** Ports of 127.0.0.1 that lead into the cloud. */
export function hostPorts(services: readonly OptionalService[]): number[] {
  const optional = services.flatMap(({ catalogue = [], hostPorts = [] }) => [
    ...catalogue.map(({ port }) => port),
    ...hostPorts,
  ]);
  return [...new Set<number>([ports.identity, ...apis.map(({ port }) => port), ...optional])];
}
