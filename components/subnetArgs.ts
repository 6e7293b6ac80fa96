import type { AllocationPool } from "../lab/ipv4.ts";
import type { Problem } from "../lab/problem.ts";
import { subnetProblems } from "../lab/subnetChecks.ts";

interface SubnetArgs {
  cidr: string;
  gatewayIp?: string;
  allocationPools?: readonly AllocationPool[];
  dnsNameservers?: readonly string[];
}

/**
 * What is wrong with the addresses among a network's arguments.
 *
 * @param longestPrefix smallest network allowed, as a prefix length
 * @param closed whether nothing leads out
 */
export function subnetArgsProblems(
  { cidr, gatewayIp, allocationPools = [], dnsNameservers = [] }: SubnetArgs,
  longestPrefix: number,
  closed = false,
): Problem[] {
  return subnetProblems({
    cidr: { path: "cidr", text: cidr },
    longestPrefix,
    gateway: closed ? "none" : gatewayIp === undefined ? "first" : { path: "gatewayIp", text: gatewayIp },
    pools: allocationPools.map((pool, index) => ({ path: `allocationPools[${index}]`, ...pool })),
    dns: dnsNameservers.map((text, index) => ({ path: `dnsNameservers[${index}]`, text })),
  });
}
