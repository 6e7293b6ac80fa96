import { join } from "node:path";
import { hostPorts } from "./apis.ts";
import type { OptionalService } from "./optionalService.ts";
import { sockets } from "./paths.ts";
import { type Program, quote } from "./program.ts";

export const relaySockets = sockets;

/**
 * Offers the cloud's APIs, consoles and dashboards on the host's 127.0.0.1 under the same ports, although no network joins the two: a pair of relays for each
 * port, which meet at a socket file that only root may open.
 */
export function relays(services: readonly OptionalService[]): Program[] {
  return hostPorts(services).flatMap((port) => relay(`api-${port}`, port));
}

function relay(name: string, port: number): Program[] {
  const socket = quote(join(relaySockets, `${name}.sock`));
  // The time a half-closed connection may still be answered in.
  const socat = "/usr/bin/socat -t 60";
  return [
    {
      name: `relay-${name}-inside`,
      command: `${socat} UNIX-LISTEN:${socket},fork,unlink-early,mode=600,backlog=512 TCP:127.0.0.1:${port},nodelay`,
      where: "inside",
    },
    {
      name: `relay-${name}-host`,
      command: `${socat} TCP-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr,nodelay,backlog=512 UNIX-CONNECT:${socket}`,
      where: "host",
      port,
    },
  ];
}
