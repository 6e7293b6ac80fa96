import { classProblems } from "./classRules.ts";
import { cycleProblems } from "./cycleRules.ts";
import { idProblems } from "./identity.ts";
import { labInstanceProblems } from "./instanceRules.ts";
import type { Lab } from "./labSchema.ts";
import { networkProblems } from "./networkRules.ts";
import type { Problem } from "./problem.ts";
import { quotaProblems } from "./quotaRules.ts";
import { serviceProblems } from "./serviceRules.ts";

/** Everything that is wrong with a lab beyond the shape of its document. */
export function labProblems(lab: Lab): Problem[] {
  return [
    ...idProblems("lab", lab.lab),
    ...lab.steps.flatMap(({ name }, index) => [
      ...idProblems(`steps.${index}.name`, name),
      ...(lab.steps.findIndex((other) => other.name === name) < index
        ? [{ path: `steps.${index}.name`, reason: `"${name}" is the name of an earlier step; each needs its own` }]
        : []),
    ]),
    ...classProblems(lab),
    ...networkProblems(lab),
    ...labInstanceProblems(lab),
    ...serviceProblems(lab),
    ...cycleProblems(lab),
    ...quotaProblems(lab),
  ];
}
