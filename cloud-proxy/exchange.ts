import type { Service } from "../openstack/session.ts";

/** One request that went through the proxy. */
export interface Exchange {
  /** Counts from 1. */
  number: number;
  service: Service;
  method: string;
  /** With its query, as it was sent. */
  path: string;
  /** The same for every request of its kind: see {@link pathPattern}. */
  pattern: string;
  /** Milliseconds since the proxy was opened. */
  at: number;
  /** Milliseconds until the answer was sent whole, or the connection ended; undefined while it goes on. */
  milliseconds: number | undefined;
  /** Of the answer; undefined when none came. */
  status: number | undefined;
  /** What the proxy did to it; undefined when it was only passed on. */
  injected: string | undefined;
  /** Why the cloud could not be asked; undefined when it could. */
  failure: string | undefined;
}

/** UUIDs with or without their dashes, and numbers. Not `2.0`. */
const ID = /^(?:[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|\d+)$/i;
/** What comes after these is a name that somebody chose. */
const NAMED = ["os-keypairs", "tags"];

/** Path without what differs from one thing to the next: `/v2.0/networks/{id}/tags/{name}`, `/v2.0/ports?device_id&network_id`. */
export function pathPattern(path: string): string {
  const [way = "", query = ""] = path.split("?");
  const parts = way.split("/").map((part, index, all) => {
    if (ID.test(part)) return "{id}";
    return NAMED.includes(all[index - 1] ?? "") && part !== "" ? "{name}" : part;
  });
  const keys = [...new Set(new URLSearchParams(query).keys())].sort();
  return parts.join("/") + (keys.length === 0 ? "" : `?${keys.join("&")}`);
}

/** Whether the cloud is to change something. A login is none, although it is a POST. */
export function isWrite({ method, pattern }: Pick<Exchange, "method" | "pattern">): boolean {
  return method !== "GET" && method !== "HEAD" && !pattern.endsWith("/auth/tokens");
}

/** How many requests there were. */
export interface RequestCounts {
  total: number;
  writes: number;
  byMethod: Record<string, number>;
  byService: Record<string, number>;
  /** By method, service and pattern: `POST network /v2.0/networks`. */
  byPattern: Record<string, number>;
  /** By status of the answer; `none` where no answer came. */
  byStatus: Record<string, number>;
  /** Those that the proxy did something to. */
  injected: number;
  /** Those for which the cloud could not be asked, without the proxy's doing. */
  failures: number;
}

export function countRequests(exchanges: readonly Exchange[]): RequestCounts {
  return {
    total: exchanges.length,
    writes: exchanges.filter(isWrite).length,
    byMethod: countBy(exchanges, ({ method }) => method),
    byService: countBy(exchanges, ({ service }) => service),
    byPattern: countBy(exchanges, ({ method, service, pattern }) => `${method} ${service} ${pattern}`),
    byStatus: countBy(exchanges, ({ status }) => String(status ?? "none")),
    injected: exchanges.filter(({ injected }) => injected !== undefined).length,
    failures: exchanges.filter(({ failure }) => failure !== undefined).length,
  };
}

/** The most frequent first. */
function countBy(exchanges: readonly Exchange[], keyOf: (exchange: Exchange) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const exchange of exchanges) counts.set(keyOf(exchange), (counts.get(keyOf(exchange)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)));
}
