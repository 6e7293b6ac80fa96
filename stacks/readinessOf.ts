import type { ReadinessArgs } from "../components/readiness.ts";
import type { ResolvedRule } from "../lab/securityRules.ts";
import type { StudentPlan } from "../lab/studentPlan.ts";
import type { InstanceEntry } from "../lab/studentSchema.ts";

/** How the stack waits for its instances; undefined when it does not. */
export type Readiness = ReadinessArgs | undefined;

/**
 * Waiting for an instance only makes sense where it can answer: it has a floating IP of its own, and a rule lets in what is asked for.
 */
export function readinessOf(
  { floatingIp, web }: InstanceEntry,
  target: InstanceEntry,
  plan: StudentPlan,
  readiness: Readiness,
): { readiness?: ReadinessArgs } {
  if (readiness === undefined || floatingIp === undefined) return {};
  const groups = target.securityGroups ?? Object.keys(plan.securityGroups);
  const rules = groups.flatMap((group) => plan.securityGroups[group] ?? []);
  return letsIn(rules, web === undefined ? 22 : 80) ? { readiness } : {};
}

function letsIn(rules: readonly ResolvedRule[], wanted: number): boolean {
  return rules.some(
    ({ protocol, port, lastPort }) =>
      protocol === "tcp" && (port === undefined || (port <= wanted && wanted <= (lastPort ?? port))),
  );
}
