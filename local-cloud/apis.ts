import type { ServiceUser } from "./secrets.ts";

/** What the cloud offers on 127.0.0.1, inside its namespace and on the host alike. */
export const identityPort = 5000;
export const authUrl = `http://127.0.0.1:${identityPort}/v3`;
export const region = "RegionOne";

/** The rest of the catalogue. */
export const apis: readonly { user: ServiceUser; type: string; port: number; path: string }[] = [
  { user: "nova", type: "compute", port: 8774, path: "/v2.1" },
  { user: "placement", type: "placement", port: 8778, path: "" },
  { user: "glance", type: "image", port: 9292, path: "" },
  { user: "neutron", type: "network", port: 9696, path: "" },
];

export const apiPorts: readonly number[] = [identityPort, ...apis.map(({ port }) => port)];
