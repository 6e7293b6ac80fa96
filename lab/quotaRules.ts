import { type FlavorSize, studentDemand } from "./demand.ts";
import type { Lab } from "./labSchema.ts";
import type { Problem } from "./problem.ts";

/** The provider does not send a 0 for these: https://github.com/pulumi/pulumi-openstack (networking.QuotaV2) */
const NETWORK_QUOTAS = [
  "networks",
  "subnets",
  "routers",
  "ports",
  "floatingIps",
  "securityGroups",
  "securityGroupRules",
];

/** A quota that the lab itself would break: nobody could build it. */
export function quotaProblems(
  lab: Lab,
  sizeOf: (flavor: string) => FlavorSize | undefined = sizeInLab(lab),
): Problem[] {
  const demand = new Map<string, number>(Object.entries(studentDemand(lab, sizeOf)));
  return Object.entries(lab.student.project?.quotas ?? {}).flatMap(([key, quota]) => {
    const need = demand.get(key) ?? 0;
    if (quota === 0 && need === 0 && NETWORK_QUOTAS.includes(key))
      return [{ path: `student.project.quotas.${key}`, reason: "0 cannot be set; write at least 1, or leave it out" }];
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
