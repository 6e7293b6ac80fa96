import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import type { Session } from "./session.ts";

/** With this one, one call serves every type of console: https://docs.openstack.org/api-ref/compute/#create-remote-console */
const MICROVERSION = "2.6";

/**
 * A fresh address of an instance's console for the browser (noVNC). It holds a token, which ends after some minutes.
 *
 * @param host host, or host and port, at which a browser reaches the console's proxy, e.g. `127.0.0.1:6080`; the cloud's own without it
 */
export async function consoleUrl(session: Session, instanceId: string, host?: string): Promise<string> {
  const schema = z.object({ remote_console: z.object({ url: z.string() }) });
  const body = { remote_console: { protocol: "vnc", type: "novnc" } };
  const { remote_console } = await session.request(
    "compute",
    "POST",
    `/servers/${instanceId}/remote-consoles`,
    schema,
    {
      body,
      microversion: MICROVERSION,
    },
  );
  return host === undefined ? remote_console.url : withHost(remote_console.url, host);
}

/** A name, an IPv4 or a bracketed IPv6 address, and perhaps a port. */
const HOST_PATTERN = /^(?<hostname>[a-z0-9.-]+|\[[0-9a-f:]+\])(:(?<port>\d{1,5}))?$/i;

function withHost(url: string, host: string): string {
  const { hostname, port } = HOST_PATTERN.exec(host)?.groups ?? {};
  if (hostname === undefined)
    throw new UserError(`--host: "${host}" is not a host; write e.g. 127.0.0.1, or 127.0.0.1:6080 with a port`);
  const rewritten = new URL(url);
  rewritten.hostname = hostname;
  if (port !== undefined) rewritten.port = port;
  return rewritten.href;
}
