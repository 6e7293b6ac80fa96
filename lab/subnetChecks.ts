import {
  type AllocationPool,
  addressProblems,
  blockProblems,
  formatIpv4,
  hostProblems,
  parseIpv4Block,
  poolProblems,
  poolsOverlap,
} from "./ipv4.ts";
import type { Problem } from "./problem.ts";

/** A /28 has 16 addresses: 12 are left for instances after network, broadcast, gateway and DHCP port. */
export const LONGEST_PREFIX = 28;

/** A provider network needs its gateway, a router's gateway address and one floating IP: a /29 has 6 usable addresses. */
export const LONGEST_PROVIDER_PREFIX = 29;

/** A text and the path of what is wrong with it: `dns.0` in a lab, `dnsNameservers[0]` among a component's arguments. */
export interface Written {
  path: string;
  text: string;
}

/** A subnet as it is written in a lab or given to a component. */
export interface WrittenSubnet {
  cidr: Written;
  /** Smallest network allowed, as a prefix length. */
  longestPrefix: number;
  /** "first": none is named, Neutron takes the first address; "none": a closed network. */
  gateway: Written | "first" | "none";
  pools: readonly (AllocationPool & { path: string })[];
  dns: readonly Written[];
}

/** What is wrong with a subnet in itself. */
export function subnetProblems({ cidr, longestPrefix, gateway, pools, dns }: WrittenSubnet): Problem[] {
  const block = blockProblems(cidr.path, cidr.text, longestPrefix);
  // What lies outside of a block that is wrong itself may lie inside of the right one.
  const within = block.length === 0 ? cidr.text : "";
  const first = gateway === "first" ? defaultGateway(within) : undefined;
  const gatewayIp = typeof gateway === "string" ? first : gateway.text;
  return [
    ...block,
    ...dns.flatMap(({ path, text }) => addressProblems(path, text)),
    ...(typeof gateway === "string" ? [] : hostProblems(gateway.path, gateway.text, within)),
    ...pools.flatMap(({ path, ...pool }, index) => {
      const wrong = poolProblems(path, pool, within);
      if (wrong.length > 0) return wrong;
      return [
        ...(gatewayIp !== undefined && poolsOverlap(pool, { start: gatewayIp, end: gatewayIp })
          ? [
              {
                path,
                reason: `the gateway ${gatewayIp}${first === undefined ? "" : " (the first address, as no other is named)"} lies inside ${pool.start}–${pool.end}; move the pool or the gateway`,
              },
            ]
          : []),
        ...pools
          .slice(0, index)
          .filter((other) => poolsOverlap(pool, other))
          .map(({ start, end }) => ({
            path,
            reason: `${pool.start}–${pool.end} overlaps ${start}–${end}; change one of the two`,
          })),
      ];
    }),
  ];
}

/** The gateway where none is named: Neutron takes the first address. Undefined where the block is not one. */
export function defaultGateway(cidr: string): string | undefined {
  const block = parseIpv4Block(cidr);
  return block === undefined ? undefined : formatIpv4(block.first + 1);
}

/** A route that DHCP gives out. */
export interface WrittenRoute {
  destination: Written;
  nextHop: Written;
}

/** What is wrong with the routes of a subnet. Neutron takes them all, but an instance given two for one destination takes either. */
export function hostRouteProblems(routes: readonly WrittenRoute[], cidr: string): Problem[] {
  return routes.flatMap(({ destination, nextHop }, index) => {
    const earlier = routes.slice(0, index).find((route) => route.destination.text === destination.text);
    return [
      ...blockProblems(destination.path, destination.text, 32),
      ...hostProblems(nextHop.path, nextHop.text, cidr),
      ...(earlier === undefined
        ? []
        : [
            {
              path: destination.path,
              reason: `${destination.text} has a route already, by ${earlier.nextHop.text}; keep one`,
            },
          ]),
    ];
  });
}
