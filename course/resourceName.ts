import type { ResourceChange } from "./resourceChange.ts";
import { textOf } from "./stateValues.ts";

/**
 * The lab's own name of a thing: Pulumi's name is `<course>-<student>-<name>-<role>`, and its component's `<course>-<student>-<name>`.
 *
 * @param prefix what begins every name, e.g. `net101-kim`
 */
export function labName({ logicalName, parent }: ResourceChange, prefix: string): string {
  return shortName(parent.name === "" ? logicalName : parent.name, prefix);
}

/** A name without course and student. */
export function shortName(name: string, prefix: string): string {
  return name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : name;
}

/** What the resource is called in OpenStack. */
export function ownName(change: ResourceChange): string {
  return textOf(change.new, "name") ?? textOf(change.old, "name") ?? change.logicalName;
}

/** The part of the logical name that tells siblings of one component apart, without the role at its end. */
export function partName({ logicalName, parent }: ResourceChange): string {
  const own = logicalName.startsWith(`${parent.name}-`) ? logicalName.slice(parent.name.length + 1) : logicalName;
  return own.replace(/-[a-z]+$/, "");
}

/** What begins every name in a stack: stacks are named `<course>` and `<course>.<student>`. */
export function prefixOfStack(urn: string): string {
  const [stack = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return stack.replace(".", "-");
}
