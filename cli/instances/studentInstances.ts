import { z } from "zod";
import { INSTANCE } from "../../course/resourceTypes.ts";
import type { StackState, StateResource } from "../../engine/stackStates.ts";
import { didYouMean } from "../../lab/didYouMean.ts";
import { UserError } from "../../terminal/userError.ts";
import { readStudentOutputs } from "../../course/studentOutputs.ts";

/** One instance of a student, as the state of the student's stack has it. */
export interface StudentInstance {
  /** Id of the student. */
  student: string;
  /** As the lab calls it; of a load balancer's own instance, as the lab calls the load balancer. */
  name: string;
  /** Pulumi's name of the instance itself. */
  urn: string;
  instanceId: string;
  /** Who logs in with the key pair; undefined where nobody should. */
  loginUser: string | undefined;
  fixedIp: string | undefined;
  /** The floating IP that leads to it. */
  floatingIp: string | undefined;
  url: string | undefined;
}

const componentSchema = z.object({
  loginUser: z.string().optional().catch(undefined),
  fixedIp: z.string().optional().catch(undefined),
  floatingIp: z.string().optional().catch(undefined),
});

/** The instances of a student's stack, in the order of their names. */
export function studentInstances(student: string, prefix: string, state: StackState): StudentInstance[] {
  const outputs = readStudentOutputs(state.outputs).instances;
  const found = state.resources.flatMap((resource): StudentInstance[] => {
    const { type, id, urn, parent } = resource;
    if (type !== INSTANCE || id === "" || isGoing(resource)) return [];
    const component = componentSchema.parse(state.resources.find((other) => other.urn === parent)?.outputs ?? {});
    const logicalName = parent.split("::").at(-1) ?? "";
    const name = logicalName.startsWith(`${prefix}-`) ? logicalName.slice(prefix.length + 1) : logicalName;
    // A floating IP may be lent: the outputs show it with the instance it leads to.
    const output = outputs[name]?.instanceId === id ? outputs[name] : undefined;
    const { loginUser, fixedIp = output?.fixedIp } = component;
    const floatingIp = output === undefined ? component.floatingIp : (output.floatingIp ?? undefined);
    return [
      { ...{ student, name, urn, instanceId: id, loginUser, fixedIp, floatingIp }, url: output?.url ?? undefined },
    ];
  });
  return found.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** What Pulumi has deleted, or is about to: a replacement that was cut off leaves it in the state. */
function isGoing(resource: StateResource): boolean {
  return resource.delete || resource["pendingReplacement"] === true;
}

/**
 * The instances that are meant: the one of this name, or all.
 *
 * @throws {UserError} when there is none, or none of this name
 */
export function namedInstances(
  student: string,
  instances: readonly StudentInstance[],
  name: string | undefined,
): StudentInstance[] {
  const names = instances.map((each) => each.name);
  if (names.length === 0)
    throw new UserError(`${student} has no instance; classroom up --students ${student} makes it`);
  if (name === undefined) return [...instances];
  const found = instances.filter((each) => each.name === name);
  if (found.length > 0) return found;
  throw new UserError(
    `--instance: ${student} has no instance "${name}"${didYouMean(name, names)} (there is ${names.join(", ")})`,
  );
}

/**
 * The one instance that is meant; without a name, the only one.
 *
 * @throws {UserError} as {@link namedInstances}, and when it is not clear which
 */
export function oneInstance(
  student: string,
  instances: readonly StudentInstance[],
  name: string | undefined,
): StudentInstance {
  const [first, ...others] = namedInstances(student, instances, name);
  if (first !== undefined && others.length === 0) return first;
  throw new UserError(
    `${student} has several instances; say which: ${instances.map((each) => `--instance ${each.name}`).join(", ")}`,
  );
}
