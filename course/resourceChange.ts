import type { PlannedStep, ResourceState } from "./plannedStep.ts";

/** Everything that the steps of one operation do to one resource. */
export interface ResourceChange {
  urn: string;
  /** Pulumi's type token. */
  type: string;
  /** The logical name, the last part of the URN. */
  logicalName: string;
  /** Logical name and type of the component it belongs to; empty when there is none. */
  parent: { name: string; type: string };
  action: "none" | "create" | "update" | "replace" | "delete";
  /** Names of inputs that differ, for example `["userData"]`. Empty for what is only asked to be replaced. */
  changed: string[];
  /** Those of them that make the engine replace it. */
  replacing: string[];
  /** The same with their whole paths, for example `networks[0].port`, as far as the provider told them. */
  changedPaths: string[];
  /** Before, as the state has it. */
  old: ResourceState | undefined;
  /** As it is to be. */
  new: ResourceState | undefined;
  /** What the look at the cloud found: deleted by hand, or the inputs that were changed by hand. */
  drift: "deleted" | string[];
  /** Only what an interrupted run left of an earlier replacement is deleted. */
  leftover: boolean;
  /** It was asked for, but never came up, so that nothing can be lost with it. */
  neverCameUp: boolean;
}

/** Gathers the steps of each resource, in the order in which the resources first appear. */
export function resourceChanges(steps: readonly PlannedStep[]): ResourceChange[] {
  const byUrn = new Map<string, PlannedStep[]>();
  for (const step of steps) {
    const others = byUrn.get(step.urn);
    if (others === undefined) byUrn.set(step.urn, [step]);
    else others.push(step);
  }
  return Array.from(byUrn, ([urn, ofOne]) => resourceChange(urn, ofOne));
}

function resourceChange(urn: string, steps: readonly PlannedStep[]): ResourceChange {
  const planned = steps.filter(({ op }) => op !== "refresh" && op !== "same");
  const { parent: parentUrn } = steps.flatMap(({ new: after, old }) => after ?? old ?? []).at(0) ?? {};
  const deletes = planned.find(({ op }) => op.includes("delete"));
  const old =
    (deletes ?? planned.find(({ old: before }) => isGiven(before)) ?? steps.find(isRefresh))?.old ?? undefined;
  const ops = planned.map(({ op }) => op);
  const leftover = ops.length > 0 && ops.every((op) => op === "delete-replaced");
  return {
    urn,
    type: steps[0]?.type ?? "",
    logicalName: logicalNameOf(urn),
    parent: { name: logicalNameOf(parentUrn ?? ""), type: parentTypeOf(urn) },
    action: leftover ? "delete" : actionOf(ops),
    changed: changedInputs(planned),
    replacing: replacingInputs(planned),
    changedPaths: planned.flatMap(({ detailedDiff }) => Object.keys(detailedDiff ?? {})),
    old,
    new: planned.find(({ new: after }) => isGiven(after))?.new ?? undefined,
    drift: driftOf(steps.filter(isRefresh)),
    leftover,
    neverCameUp: neverCameUp(old),
  };
}

function isRefresh({ op }: PlannedStep): boolean {
  return op === "refresh";
}

function isGiven(state: ResourceState | null | undefined): boolean {
  return state !== undefined && state !== null;
}

/** An operation of a kind we do not know counts as what its name says, the worst first. */
function actionOf(ops: readonly string[]): ResourceChange["action"] {
  const some = (part: string) => ops.some((op) => op.includes(part));
  if (some("replace")) return "replace";
  if (some("delete")) return "delete";
  if (some("create") || some("import")) return "create";
  // Only forgotten or only looked at: the cloud keeps what it has.
  return ops.every((op) => ["read", "discard", "forget", "remove-pending"].includes(op)) ? "none" : "update";
}

function changedInputs(steps: readonly PlannedStep[]): string[] {
  const paths = steps.flatMap(({ keys, diffs, detailedDiff }) => [
    ...(keys ?? []),
    ...(diffs ?? []),
    ...Object.keys(detailedDiff ?? {}),
  ]);
  return inputsIn(paths);
}

function replacingInputs(steps: readonly PlannedStep[]): string[] {
  const paths = steps.flatMap(({ keys, detailedDiff }) => [
    ...(keys ?? []),
    ...Object.entries(detailedDiff ?? {}).flatMap(([path, { diffKind }]) =>
      diffKind.endsWith("-replace") ? [path] : [],
    ),
  ]);
  return inputsIn(paths);
}

/** What is asked to be replaced although nothing differs has its `id` as the reason. */
function inputsIn(paths: readonly string[]): string[] {
  return [...new Set(paths.map(topLevel))].filter((name) => name !== "" && name !== "id" && !name.startsWith("__"));
}

/** `networks` of `networks[0].port`. */
function topLevel(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}

/** The event that ends a refresh has what the cloud said; the one that begins it knows nothing yet. */
function driftOf(refreshes: readonly PlannedStep[]): ResourceChange["drift"] {
  if (refreshes.some(({ old, new: after }) => isGiven(old) && !isGiven(after))) return "deleted";
  return changedInputs(refreshes);
}

/**
 * The provider keeps why a resource never became ready. An error of a later resize, rebuild or growth is kept in the same way, but there
 * was something before it.
 */
function neverCameUp(old: ResourceState | undefined): boolean {
  const errors = old?.initErrors ?? [];
  return errors.length > 0 && !errors.some((error) => /resiz|rebuil|exten|updat|attach|migrat|shelv/i.test(error));
}

/** The last part of a URN. */
function logicalNameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** URN: `urn:pulumi:<stack>::<project>::<type of parent>$<type>::<name>`, https://www.pulumi.com/docs/iac/concepts/resources/names/#urns */
function parentTypeOf(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").at(-2) ?? "";
}
