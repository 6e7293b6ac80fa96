import { addressProblems, blockProblems, hostProblems, parseIpv4Block, parsePool, poolProblems } from "./ipv4.ts";
import type { Problem } from "./problem.ts";

/** Smallest network: a /28 leaves 12 addresses for instances after network, broadcast, gateway and DHCP port. */
const LONGEST_PREFIX = 28;

interface Subnet {
  cidr: string;
  gateway?: string | undefined;
  pools?: string[] | undefined;
  dns: string[];
}

/** What is wrong with a subnet in itself. */
export function subnetProblems({ cidr, gateway, pools = [], dns }: Subnet): Problem[] {
  const block = blockProblems("cidr", cidr, LONGEST_PREFIX);
  const whole = block.length === 0 ? parseIpv4Block(cidr) : undefined;
  return [
    ...block,
    ...dns.flatMap((address, index) => addressProblems(`dns.${index}`, address)),
    ...(gateway === undefined || whole === undefined ? [] : hostProblems("gateway", gateway, cidr)),
    ...pools.flatMap((text, index) => {
      const pool = parsePool(text);
      if (pool === undefined)
        return [{ path: `pools.${index}`, reason: `"${text}" is not a range; write one like "10.0.0.210-10.0.0.220"` }];
      return whole === undefined
        ? []
        : poolProblems(`pools.${index}`, pool, cidr, gateway).map(({ reason }) => ({ path: `pools.${index}`, reason }));
    }),
  ];
}
