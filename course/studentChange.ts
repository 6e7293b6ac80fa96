import { causesOf, isCascade } from "./changeCauses.ts";
import { type Effect, IMPACTS, type Impact, type ResourceRule, type Said } from "./effect.ts";
import { NETWORK_RULES } from "./networkRules.ts";
import type { PlannedStep } from "./plannedStep.ts";
import { PROJECT_RULES } from "./projectRules.ts";
import { type ResourceChange, resourceChanges } from "./resourceChange.ts";
import { labName, prefixOfStack } from "./resourceName.ts";
import { COMMAND } from "./resourceTypes.ts";
import { SERVER_RULES, snapshotCommand } from "./serverRules.ts";

/** What becomes of a stack as a whole: `new` and `removed`, or the gravest of what happens in it. */
export type ChangeKind = "unchanged" | "new" | "removed" | Exclude<Impact, "none">;

/** What an operation does to one stack, in the teacher's terms. */
export interface StackChange {
  kind: ChangeKind;
  /** In the order in which Pulumi takes them. */
  effects: Effect[];
  /** Whether anything is lost that running the lab again does not bring back. */
  losesData: boolean;
}

export interface ClassifyOptions {
  /** What begins every name: `<course>-<student>`. @default the stack's name with a dash for its dot */
  prefix?: string;
  /** The class stack is said with what it means to the students' stacks. @default "student" */
  of?: "student" | "class";
}

const RULES: Record<string, ResourceRule> = { ...SERVER_RULES, ...NETWORK_RULES, ...PROJECT_RULES };

/**
 * What Pulumi's steps do to running servers, their data and their addresses. With the events that end a refresh among the steps, what was
 * deleted or changed by hand is told apart. Steps of `op: "same"` may be left out.
 */
export function classifySteps(steps: readonly PlannedStep[], options: ClassifyOptions = {}): StackChange {
  const all = resourceChanges(steps);
  const effects = all.flatMap((change) => effectsOf(change, all, options));
  return {
    kind: kindOf(all, effects),
    effects,
    losesData: effects.some(({ losesData }) => losesData),
  };
}

function kindOf(all: readonly ResourceChange[], effects: readonly Effect[]): ChangeKind {
  const stack = all.find(({ type }) => type === "pulumi:pulumi:Stack")?.action;
  if (stack === "create") return "new";
  if (stack === "delete") return "removed";
  const gravest = gravestOf(effects);
  return gravest === "none" ? "unchanged" : gravest;
}

/** The gravest impact among effects. */
export function gravestOf(effects: readonly Pick<Effect, "impact">[]): Impact {
  return IMPACTS[Math.max(0, ...effects.map(({ impact }) => IMPACTS.indexOf(impact)))] ?? "none";
}

function effectsOf(change: ResourceChange, all: readonly ResourceChange[], options: ClassifyOptions): Effect[] {
  const rule = ruleOf(change);
  if (rule === undefined) return [];
  const { prefix = prefixOfStack(change.urn) } = options;
  const name = rule.name === undefined ? labName(change, prefix) : rule.name(change);
  const thing = `${rule.label} ${name}`.trim();
  const said = say(thing, change, rule, all);
  const forStudents =
    options.of === "class" && (change.action === "replace" || change.action === "delete")
      ? rule.forStudents?.(thing, change)
      : undefined;
  return [said, forStudents].flatMap((each) => {
    if (each === undefined) return [];
    const { what, impact, loses, told = false } = each;
    const why = causesOf(change, all);
    const text = why.length === 0 || (told && !isCascade(change, all)) ? what : `${what} (${why.join("; ")})`;
    return [
      {
        urn: change.urn,
        ...{ thing, text, impact, why },
        byHand: change.drift.length > 0,
        losesData: loses !== undefined,
        ...(loses === undefined ? {} : { loses }),
      },
    ];
  });
}

/** The rule of a resource; undefined for Pulumi's own bookkeeping. */
function ruleOf({ type, logicalName, old, new: after, parent }: ResourceChange): ResourceRule | undefined {
  if (type.startsWith("pulumi:") || type.startsWith("classroom:")) return undefined;
  const known = Object.hasOwn(RULES, type) ? RULES[type] : undefined;
  if (known !== undefined) return known;
  if (type === COMMAND) {
    if (parent.type === "classroom:index:VolumeSnapshot") return snapshotCommand;
    if (logicalName.endsWith("-ready")) return waiting;
    // Runs only before the project itself is deleted, which has its own sentence.
    if (logicalName.endsWith("-leftovers")) return undefined;
  }
  if ((after ?? old)?.custom === false) return undefined;
  return { label: type, name: ({ logicalName: name }) => name, holds: () => "unknown" };
}

/** Waiting until something answers. */
const waiting: ResourceRule = {
  label: "readiness of",
  create: (thing) => ({ what: `${thing} is checked`, impact: "none" }),
  update: (thing) => ({ what: `${thing} is checked again`, impact: "none" }),
  replace: (thing) => ({ what: `${thing} is checked again`, impact: "none" }),
  delete: (thing) => ({ what: `${thing} is no longer checked`, impact: "none" }),
};

function say(
  thing: string,
  change: ResourceChange,
  rule: ResourceRule,
  all: readonly ResourceChange[],
): Said | undefined {
  const { action, changed, drift, neverCameUp, leftover } = change;
  if (action === "none") return driftOnly(thing, change);
  if (action === "create") {
    if (drift === "deleted") {
      const what = rule.deletedByHand?.(thing, change) ?? `${thing} was deleted by hand; it is made again`;
      return { what, impact: "mended", told: true };
    }
    if (isPart(change, rule, all)) return undefined;
    return rule.create?.(thing, change) ?? { what: `${thing} is made`, impact: "added" };
  }
  if (action === "update") {
    // A login that is only known later makes Pulumi go through everything it made, without a difference.
    if (changed.length === 0) return undefined;
    const said = rule.update?.(thing, change) ?? { what: `${thing} is changed`, impact: "changed" };
    return said.impact === "changed" && changed.every((input) => drift.includes(input))
      ? { ...said, what: `${thing} was changed by hand; it is set back`, impact: "mended", told: true }
      : said;
  }
  const loses = rule.holds?.(change);
  if (neverCameUp)
    return action === "delete"
      ? { what: `${thing}, which never came up, is deleted`, impact: "changed" }
      : { what: `${thing}, which never came up, is made again`, impact: "mended" };
  if (leftover)
    return withLoss(
      { what: `the old ${thing}, left by an interrupted run, is deleted`, impact: "reduced", told: true },
      loses,
    );
  if (action === "delete") {
    if (isPart(change, rule, all, loses)) return undefined;
    return withLoss(rule.delete?.(thing, change) ?? { what: `${thing} is deleted`, impact: "reduced" }, loses);
  }
  if (rule.replacementTold !== true && isPart(change, rule, all, loses)) return undefined;
  return withLoss(
    rule.replace?.(thing, change) ?? { what: `${thing} is deleted and made anew`, impact: "rebuilt" },
    loses,
  );
}

/** Nothing is planned, but the cloud is not as it was left. */
function driftOnly(thing: string, { drift }: ResourceChange): Said | undefined {
  if (drift === "deleted") return { what: `${thing} was deleted by hand, and the lab has it no more`, impact: "none" };
  return drift.length === 0
    ? undefined
    : { what: `${thing} was changed by hand (${drift.join(", ")}), and stays as it is`, impact: "none" };
}

function withLoss(said: Said, loses: string | undefined): Said {
  if (loses === undefined) return said;
  const what = loses === "unknown" ? `${said.what}; whether data are lost with it is not known` : said.what;
  return { ...said, what, loses: loses === "unknown" ? "data" : loses };
}

/**
 * Whether something larger of the same component is made or deleted in the same way, so that this need not be said. What is lost is said
 * in any case, by the one or the other.
 */
function isPart(
  change: ResourceChange,
  { partOf = [] }: ResourceRule,
  all: readonly ResourceChange[],
  loses?: string,
): boolean {
  return all.some(
    (larger) =>
      partOf.includes(larger.type) &&
      larger.parent.name === change.parent.name &&
      larger.action === change.action &&
      larger.drift !== "deleted" &&
      (loses === undefined || (!larger.neverCameUp && ruleOf(larger)?.holds?.(larger) !== undefined)),
  );
}
