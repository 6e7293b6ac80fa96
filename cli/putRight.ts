import { type Adoption, adopt } from "../engine/adopt.ts";
import type { Operation, OperationResult } from "../engine/operation.ts";
import { readStacks, type StackState } from "../engine/stackStates.ts";
import { deleteFailedInstances } from "../openstack/failedInstances.ts";
import { lookUp } from "../openstack/lookUp.ts";
import type { OpenClass } from "./openClass.ts";

/** What the state has in place of a secret that an event shows. */
const SECRET = "[secret]";

/** What it has in place of a value that is known only once something else is made. https://github.com/pulumi/pulumi/blob/pkg/v3.259.0/sdk/go/common/resource/plugin/rpc.go */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Adopted things let more be found: a project its networks, a network its subnets. No chain of ours is longer. */
const MOST_ROUNDS = 8;

/**
 * Before an update of a stack that is there: takes into its state what an update that was killed, or whose answers were lost, had made in
 * the cloud – so that nothing is made twice and nothing is left behind. Instances that never came up are deleted, to be made anew.
 *
 * @param steps of a preview or of the try that failed: what is about to be made (again)
 * @returns what the update is to do differently
 */
export async function putRight(
  open: OpenClass,
  operation: Operation,
  steps: OperationResult["steps"],
): Promise<Partial<Operation>> {
  let planned = steps;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const adopted = await adoptWhatIsThere(open, operation.stack, planned);
    if (adopted === undefined) return { isNew: true };
    if (adopted === 0) break;
    planned = (await open.pool.run({ ...operation, action: "preview", isNew: false, refresh: true })).steps;
  }
  return { isNew: false, refresh: true };
}

/** @returns how many; undefined when there is no such stack */
async function adoptWhatIsThere(
  open: OpenClass,
  stack: string,
  steps: OperationResult["steps"],
): Promise<number | undefined> {
  const state = (await readStacks(open.settings, (name) => name === stack)).get(stack);
  if (state === undefined) return undefined;
  const candidates = candidatesOf(state, steps);
  const whose = whoseIs(open, state);
  const found = await Promise.all(
    candidates.map(async (candidate): Promise<Adoption[]> => {
      const id = await lookUp(open.cloud.session, candidate, whose);
      return id === undefined || state.resources.some((known) => known.id === id && known.type === candidate.type)
        ? []
        : [{ ...withoutBegun(candidate), id }];
    }),
  );
  const adoptions = found.flat();
  const neverCameUp = state.resources.filter(
    ({ type, initErrors }) => type === "openstack:compute/instance:Instance" && initErrors.length > 0,
  );
  const deleted = await deleteFailedInstances(
    open.cloud.session,
    neverCameUp.map(({ id }) => id),
  );
  const gone = neverCameUp.flatMap(({ id, urn }) => (deleted.includes(id) ? [urn] : []));
  if (adoptions.length > 0 || gone.length > 0 || state.pending.length > 0)
    await adopt(open.settings, stack, adoptions, gone);
  return adoptions.length;
}

function withoutBegun({ begun: _begun, ...resource }: Candidate): Omit<Adoption, "id"> {
  return resource;
}

interface Candidate extends Omit<Adoption, "id"> {
  begun: boolean;
}

function candidatesOf(state: StackState, steps: OperationResult["steps"]): Candidate[] {
  const known = new Set(state.resources.map(({ urn }) => urn));
  const begun = state.pending.flatMap(({ type, resource }) =>
    type === "creating" ? [{ ...resource, begun: true }] : [],
  );
  const planned = steps.flatMap((step) =>
    step.op.startsWith("create") && step.new?.custom === true ? [{ ...step.new, begun: false }] : [],
  );
  const candidates = [...begun, ...planned].map(({ urn, type, inputs, parent, provider, begun: isBegun }) => ({
    ...{ urn, type, parent, provider, begun: isBegun },
    // What an event hides is set again by the update.
    inputs: Object.fromEntries(Object.entries(inputs).filter(([, value]) => isTold(value))),
  }));
  return candidates.filter(
    ({ urn, type }, index) =>
      type.startsWith("openstack:") && !known.has(urn) && candidates.findIndex((other) => other.urn === urn) === index,
  );
}

/** Whether an event tells all of a value; a secret may also be Pulumi's own wrapping around the word. */
function isTold(value: unknown): boolean {
  const text = JSON.stringify(value);
  return !text.includes(`"${SECRET}"`) && !text.includes(UNKNOWN);
}

function whoseIs({ cloud, loaded }: Pick<OpenClass, "cloud" | "loaded">, { resources }: StackState) {
  const idOf = (type: string) => resources.find((each) => each.type === type)?.id;
  return {
    projectId: idOf("openstack:identity/project:Project") ?? cloud.address.projectId,
    userId: idOf("openstack:identity/user:User") ?? cloud.address.userId,
    course: loaded.course.course,
  };
}
