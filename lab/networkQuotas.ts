import type { Problem } from "./problem.ts";

/** The provider leaves out a 0 when it first sets Neutron's quotas, and the cloud's default would stay. */
const NETWORK_QUOTAS = [
  "networks",
  "subnets",
  "routers",
  "ports",
  "floatingIps",
  "securityGroups",
  "securityGroupRules",
];

/** What is wrong with a quota of 0. */
export function zeroQuotaProblem(path: string, quota: string): Problem[] {
  return NETWORK_QUOTAS.includes(quota) ? [{ path, reason: "0 cannot be set; write at least 1, or leave it out" }] : [];
}
