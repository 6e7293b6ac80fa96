import { type FlavorSize, studentDemand } from "./demand.ts";
import type { Lab } from "./labSchema.ts";
import { zeroQuotaProblem } from "./networkQuotas.ts";
import type { Problem } from "./problem.ts";

/** A quota that the lab itself would break: nobody could build it. */
export function quotaProblems(
  lab: Lab,
  sizeOf: (flavor: string) => FlavorSize | undefined = sizeInLab(lab),
): Problem[] {
  const demand = new Map<string, number>(Object.entries(studentDemand(lab, sizeOf)));
  return Object.entries(lab.student.project?.quotas ?? {}).flatMap(([key, quota]) => {
    const need = demand.get(key) ?? 0;
    const zero = quota === 0 && need === 0 ? zeroQuotaProblem(`student.project.quotas.${key}`, key) : [];
    if (zero.length > 0) return zero;
    return quota < 0 || need <= quota
      ? []
      : [
          {
            path: `student.project.quotas.${key}`,
            reason: `${quota} is less than the lab itself takes: ${need}; raise it or make the lab smaller`,
          },
        ];
  });
}

/** Sizes of the flavors that the lab makes. */
export function sizeInLab({ class: { flavors } }: Lab): (flavor: string) => FlavorSize | undefined {
  return (name) => {
    const { vcpus, ramMiB } = flavors[name] ?? {};
    return vcpus === undefined || ramMiB === undefined ? undefined : { vcpus, ramMiB };
  };
}
