import type { Effect } from "../../course/effect.ts";
import { ATTACHMENT, COMMAND } from "../../course/resourceTypes.ts";
import type { StackState, StateResource } from "../../engine/stackStates.ts";

/** What a reset of these instances (by URN) would also do, and must not: everything but the instances and what hangs on them. */
export function beyondReset(effects: readonly Effect[], instances: readonly string[]): Effect[] {
  return effects.filter(
    ({ urn, impact }) => !instances.includes(urn) && impact !== "none" && typeOf(urn) !== ATTACHMENT,
  );
}

/** `openstack:compute/instance:Instance`: the third part of a URN has the types of all parents before it. */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/**
 * What is not as it was before a reset although it should be, each as a sentence: another port, address, key pair, or anything else than the
 * instances and what hangs on them.
 *
 * @param instances URNs of what was reset
 */
export function changedByReset(before: StackState, after: StackState, instances: readonly string[]): string[] {
  const now = new Map(after.resources.map((resource) => [resource.urn, resource]));
  return before.resources.flatMap((old) => {
    const fresh = now.get(old.urn);
    if (!old.custom) return addressProblems(old, fresh);
    if (instances.includes(old.urn))
      return fresh === undefined || fresh.id === old.id ? [`${nameOf(old)} was not made anew`] : [];
    if (old.type === ATTACHMENT || old.type === COMMAND || fresh?.id === old.id) return [];
    return [`${nameOf(old)} was ${old.id}, and is ${fresh === undefined ? "gone" : fresh.id}`];
  });
}

/** What a component tells of its place: `fixedIp`, `floatingIp`, `portId`, `vipAddress` … */
function addressProblems(old: StateResource, fresh: StateResource | undefined): string[] {
  return Object.entries(old.outputs).flatMap(([key, value]) => {
    const is = fresh?.outputs[key];
    return key === "instanceId" || typeof value !== "string" || is === value
      ? []
      : [`${key} of ${nameOf(old)} was ${value}, and is ${typeof is === "string" ? is : "gone"}`];
  });
}

function nameOf({ urn }: StateResource): string {
  return urn.split("::").at(-1) ?? urn;
}
