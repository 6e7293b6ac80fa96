import type { Problem } from "../lab/problem.ts";

/**
 * How long the provider waits for Neutron before it gives up. Its own default is 10 minutes; an object that takes longer than 5 on a
 * working cloud is stuck, and the student should hear of it sooner. Host routes and firewall rules have no timeouts: each is one call,
 * and the provider waits for nothing after it.
 */
export const NETWORK_TIMEOUTS = { create: "5m", update: "5m", delete: "5m" };

/** For objects whose creation is one call, where the provider waits only for the deletion. */
export const DELETE_TIMEOUT = { delete: NETWORK_TIMEOUTS.delete };

/** What is wrong with how long an instance is waited for, if that is said at all. */
export function patienceProblems({
  timeoutMinutes,
  readiness,
}: {
  timeoutMinutes?: number;
  readiness?: { timeoutSeconds?: number };
}): Problem[] {
  return [
    ...durationProblems("timeoutMinutes", timeoutMinutes, "minutes"),
    ...durationProblems("readiness.timeoutSeconds", readiness?.timeoutSeconds, "seconds"),
  ];
}

function durationProblems(path: string, value: number | undefined, unit: string): Problem[] {
  return value === undefined || (Number.isInteger(value) && value >= 1)
    ? []
    : [{ path, reason: `${value} is not a whole number of ${unit} above 0` }];
}
