import type { InstanceStatus, StudentStatus } from "./studentStatus.ts";

/** How an instance is, in one word. `suspended` is put to rest, however; `active` was not asked for its page. */
export type InstanceHealth =
  "answers" | "active" | "silent" | "suspended" | "busy" | "error" | "gone" | "not made" | "unknown";

const RESTING = ["SHUTOFF", "SHELVED", "SHELVED_OFFLOADED", "PAUSED", "SUSPENDED"];

/** What an instance's state and answer come to. */
export function healthOf({ state, task, answer }: InstanceStatus): InstanceHealth {
  if (state === "gone" || state === "not made" || state === "unknown") return state;
  if (state === "ERROR") return "error";
  if (task !== undefined) return "busy";
  if (RESTING.includes(state)) return "suspended";
  if (state !== "ACTIVE") return "busy";
  return answer === undefined ? "active" : answer === "yes" ? "answers" : "silent";
}

/** How many instances are how; what there is none of is left out. */
export function statusTotals(students: readonly StudentStatus[]): Partial<Record<InstanceHealth, number>> {
  const totals: Partial<Record<InstanceHealth, number>> = {};
  for (const { instances } of students)
    for (const instance of instances) totals[healthOf(instance)] = (totals[healthOf(instance)] ?? 0) + 1;
  return totals;
}

/**
 * Whether all is as it should be for a student: everything made, nothing in error, nothing different from the state. At rest is well, too;
 * what students made themselves is theirs.
 *
 * @param mustAnswer whether an instance that does not answer is not well
 */
export function isWell({ stack, instances, drift, orphans }: StudentStatus, mustAnswer: boolean): boolean {
  const bad: InstanceHealth[] = ["error", "gone", "not made", "unknown", ...(mustAnswer ? (["silent"] as const) : [])];
  return (
    (stack === "complete" || stack === "in work" || stack === "left") &&
    drift.length === 0 &&
    orphans.length === 0 &&
    (stack === "in work" || instances.every((instance) => !bad.includes(healthOf(instance))))
  );
}
