import { parseIpv4Block, parsePool } from "./ipv4.ts";
import type { Problem } from "./problem.ts";
import { LONGEST_PREFIX, type Written, hostRouteProblems, subnetProblems } from "./subnetChecks.ts";
import type { StudentNetwork } from "./studentSchema.ts";

interface Subnet {
  cidr: string;
  gateway?: string | undefined;
  pools?: string[] | undefined;
  dns: string[];
}

/**
 * What is wrong with a subnet of a lab in itself.
 *
 * @param longestPrefix smallest network allowed, as a prefix length
 * @param closed whether nothing leads out
 */
export function labSubnetProblems(
  { cidr, gateway, pools = [], dns }: Subnet,
  longestPrefix: number,
  closed: boolean,
): Problem[] {
  const written = pools.map((text, index) => ({ path: `pools.${index}`, text, pool: parsePool(text) }));
  return [
    ...subnetProblems({
      cidr: { path: "cidr", text: cidr },
      longestPrefix,
      gateway: closed ? "none" : gateway === undefined ? "first" : { path: "gateway", text: gateway },
      pools: written.flatMap(({ path, pool }) => (pool === undefined ? [] : [{ path, ...pool }])),
      dns: resolvers(dns),
    }),
    ...written
      .filter(({ pool }) => pool === undefined)
      .map(({ path, text }) => ({ path, reason: `"${text}" is not a range; write one like "10.0.0.210-10.0.0.220"` })),
    ...(closed && gateway !== undefined
      ? [{ path: "gateway", reason: "a closed network has none; leave it out" }]
      : []),
  ];
}

/** What is wrong with the subnet of a student's network, which is one for all or one of each student's own. */
export function studentSubnetProblems(network: StudentNetwork): Problem[] {
  const { cidr, gateway, pools, dns, hostRoutes, closed } = network;
  if (typeof cidr === "string")
    return [
      ...labSubnetProblems({ ...network, cidr }, LONGEST_PREFIX, closed),
      ...hostRouteProblems(
        hostRoutes.map(({ to, via }, index) => ({
          destination: { path: `hostRoutes.${index}.to`, text: to },
          nextHop: { path: `hostRoutes.${index}.via`, text: via },
        })),
        cidr,
      ),
    ];
  const whole = parseIpv4Block(cidr.of);
  return [
    ...subnetProblems({
      cidr: { path: "cidr.of", text: cidr.of },
      longestPrefix: LONGEST_PREFIX - 1,
      gateway: "none",
      pools: [],
      dns: resolvers(dns),
    }),
    ...(whole !== undefined && cidr.each <= whole.prefix
      ? [{ path: "cidr.each", reason: `/${cidr.each} leaves no two students apart in ${cidr.of}; use a longer prefix` }]
      : []),
    ...Object.entries({ gateway, pools, hostRoutes: hostRoutes[0] })
      .filter(([, value]) => value !== undefined)
      .map(([path]) => ({
        path,
        reason: "cannot be the same for all where each student has a network of their own; leave it out",
      })),
  ];
}

function resolvers(dns: readonly string[]): Written[] {
  return dns.map((text, index) => ({ path: `dns.${index}`, text }));
}
