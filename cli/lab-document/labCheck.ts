import { type Demand, studentDemand } from "../../lab/demand.ts";
import type { Lab } from "../../lab/labSchema.ts";
import { neededServices } from "../../lab/neededServices.ts";
import type { PlacedProblem } from "../../lab/parseLab.ts";
import { sizeInLab } from "../../lab/quotaRules.ts";
import { parseLabFile } from "../../labs/readLab.ts";

/** Something found in the document; with `allSteps`, at which step it was found first, unless the lab begins with it. */
export type Finding = PlacedProblem & { step?: string };

/** What `classroom lab check --json` prints. */
export interface LabCheck {
  file: string;
  ok: boolean;
  problems: Finding[];
  warnings: Finding[];
  /** Of a lab that is right. */
  lab?: {
    id: string;
    title: string;
    steps: string[];
    /** Parts of OpenStack beyond the core; with `allSteps`, of every step. */
    services: { service: string; because: string }[];
    /** Of one student, with the flavors that the lab itself makes; memory in MiB, volumes in GiB. */
    demand: Demand;
    /** Flavors that are the cloud's own, whose size is therefore not in the demand. */
    unknownFlavors: string[];
  };
}

export interface CheckOptions {
  step?: string | undefined;
  allSteps?: boolean;
}

/** Checks a lab document as it begins, at one step, or at all of them. */
export function checkLab(nameOrPath: string, options: CheckOptions): { check: LabCheck; lab: Lab | undefined } {
  const { file, parsed } = parseLabFile(nameOrPath, options.step);
  const lab = parsed.ok ? parsed.lab : undefined;
  const steps = options.allSteps === true && lab !== undefined ? lab.steps.map(({ name }) => name) : [];
  const later = steps.map((step) => ({ step, parsed: parseLabFile(nameOrPath, step).parsed }));
  const problems = once([
    ...(parsed.ok ? [] : parsed.problems),
    ...later.flatMap(({ step, parsed: then }) => (then.ok ? [] : then.problems.map((each) => ({ ...each, step })))),
  ]);
  const warnings = once([
    ...parsed.warnings,
    ...later.flatMap(({ step, parsed: then }) => then.warnings.map((each) => ({ ...each, step }))),
  ]);
  const check = { file, ok: problems.length === 0, problems, warnings };
  const labs = later.flatMap(({ parsed: then }) => (then.ok ? [then.lab] : []));
  return { check: lab === undefined ? check : { ...check, lab: summary(lab, labs) }, lab };
}

/** The sizes of flavors that are there already are the cloud's to say. */
function summary(lab: Lab, later: readonly Lab[]): NonNullable<LabCheck["lab"]> {
  const sizeOf = sizeInLab(lab);
  const flavors = Object.values(lab.student.instances).map(({ flavor }) => flavor);
  const services = [lab, ...later].flatMap(neededServices);
  return {
    id: lab.lab,
    title: lab.title,
    steps: lab.steps.map(({ name }) => name),
    services: services.filter(({ service }, index) => services.findIndex((each) => each.service === service) === index),
    demand: studentDemand(lab, sizeOf),
    unknownFlavors: [...new Set(flavors)].filter((flavor) => sizeOf(flavor) === undefined),
  };
}

/** What is wrong at every step is said at the first one. */
function once(findings: readonly Finding[]): Finding[] {
  const key = ({ line, column, path, reason }: Finding) => JSON.stringify([line, column, path, reason]);
  return findings.filter((each, index) => findings.findIndex((other) => key(other) === key(each)) === index);
}
