import { type Adoption, adopt, type Component } from "../../engine/adopt.ts";
import type { Operation, OperationResult } from "../../engine/operation.ts";
import { longestStep } from "../../engine/patience.ts";
import { readStacks, type StackState } from "../../engine/stackStates.ts";
import { lookUp, UNKNOWN } from "../../openstack/lookUp.ts";
import { BUILD_SECONDS, deleteWhatNeverCameUp } from "../../openstack/neverCameUp.ts";
import { readUserDataHash } from "../../openstack/userDataHash.ts";
import { bareLab } from "../../lab/bareLab.ts";
import { INSTANCE, PROJECT, USER } from "../../course/resourceTypes.ts";
import { studentStackName } from "../../course/stackNames.ts";
import { classInput, studentInput } from "../../stacks/courseCloud.ts";
import type { OpenClass } from "../open-class/openClass.ts";

/** What the state has in place of a secret that an event shows. */
const SECRET = "[secret]";

/** Adopted things let more be found: a project its networks, a network its subnets. No chain of ours is longer. */
const MOST_ROUNDS = 12;

/**
 * Before an update of a stack that is there: takes into its state what an update that was killed, or whose answers were lost, had made in
 * the cloud – so that nothing is made twice and nothing is left behind. Instances that nobody has waited for are waited for; those that never
 * come up are deleted, to be made anew.
 *
 * @param steps of a preview or of the try that failed: what is about to be made (again)
 * @param report told whom it waits for
 * @param later takes the ids of instances that never came up, which are then not deleted yet, only forgotten by the state
 * @returns what the update is to do differently
 */
export async function putRight(
  open: OpenClass,
  operation: Operation,
  steps: OperationResult["steps"],
  report?: (line: string) => void,
  later?: Set<string>,
): Promise<Partial<Operation>> {
  let planned = steps;
  let isGroundLaid = false;
  let mustLook = operation.refresh === true;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const look = await adoptWhatIsThere(open, operation, planned, report, later);
    if (look === undefined) return { isNew: true };
    mustLook ||= look.adopted > 0 || look.halfMade;
    if (look.adopted === 0) {
      if (!look.waiting || isGroundLaid) break;
      await layGround(open, operation);
    }
    isGroundLaid = look.adopted === 0;
    mustLook ||= isGroundLaid;
    planned = (await open.pool.run({ ...operation, action: "preview", isNew: false, refresh: true })).steps;
  }
  return { isNew: false, refresh: mustLook };
}

/**
 * A lost state has no login either, under which what is in the cloud could be taken into it. The stack is made without everything that
 * could be made twice: whatever of the rest is there already, Keystone refuses, and the next look finds it.
 */
async function layGround({ loaded, cloud, pool }: OpenClass, operation: Operation): Promise<void> {
  const { stack, program } = operation;
  if (program === undefined) return;
  const bare = { ...cloud, loaded: { ...loaded, lab: bareLab(loaded.lab) } };
  const student = loaded.students.find(({ id }) => studentStackName(loaded.course.course, id) === stack);
  const input = student === undefined ? classInput(bare) : studentInput(bare, student);
  await pool.run({ stack, action: "up", isNew: false, refresh: true, program: { ...program, input } });
}

interface Look {
  /** How many things were taken into the state. */
  adopted: number;
  /** Whether some may be in the cloud that cannot be taken yet, because their login is not in the state. */
  waiting: boolean;
  /** Whether the state has something of which not all was made, so that only the cloud knows what is missing. */
  halfMade: boolean;
}

/** @returns undefined when there is no such stack */
async function adoptWhatIsThere(
  open: OpenClass,
  { stack, action }: Operation,
  steps: OperationResult["steps"],
  report: ((line: string) => void) | undefined,
  later: Set<string> | undefined,
): Promise<Look | undefined> {
  const state = (await readStacks(open.settings, (name) => name === stack)).get(stack);
  if (state === undefined) return undefined;
  const all = candidatesOf(state, steps);
  const logins = new Set(state.resources.map(({ urn, id }) => `${urn}::${id}`));
  const hasLogin = ({ provider }: Candidate) => logins.has(provider);
  // What is not fully told would differ from what the program then says, and a server is replaced for that.
  const candidates = all.filter((candidate) => hasLogin(candidate) && !saysUnknown(candidate.inputs));
  const whose = whoseIs(open, state);
  const found = await Promise.all(
    candidates.map(async (candidate): Promise<Adoption[]> => {
      const id = await lookUp(open.cloud.session, candidate, whose);
      if (id === undefined || state.resources.some((known) => known.id === id && known.type === candidate.type))
        return [];
      return [{ ...adoptionOf(candidate), outputs: await outputsOf(open, candidate, id), id }];
    }),
  );
  const halfMade = state.resources.filter(({ initErrors }) => initErrors.length > 0);
  // Once they are in the state and looked at again, they would be taken for whole.
  const unproven = [...found.flat(), ...halfMade].filter(({ type }) => type === INSTANCE);
  const deleted = await deleteWhatNeverCameUp(
    open.cloud.session,
    unproven.map(({ id }) => id),
    {
      buildSeconds: action === "destroy" ? 0 : Math.min(BUILD_SECONDS, longestStep()),
      isOver: () => open.pool.interrupted,
      spares: later !== undefined,
      ...(report === undefined ? {} : { report }),
    },
  );
  // What the state says of it is still true.
  if (deleted === undefined) return { adopted: 0, waiting: false, halfMade: true };
  for (const id of deleted) later?.add(id);
  const adoptions = found.flat().filter(({ id }) => !deleted.includes(id));
  const gone = halfMade.flatMap(({ id, urn }) => (deleted.includes(id) ? [urn] : []));
  if (adoptions.length > 0 || gone.length > 0 || state.pending.length > 0)
    await adopt(open.settings, stack, [...componentsOf(state, steps, adoptions), ...adoptions], gone);
  return {
    adopted: adoptions.length,
    waiting: all.some((candidate) => !hasLogin(candidate)),
    halfMade: halfMade.length > 0,
  };
}

/** What the adopted things are parts of, where it is not in the state either. */
function componentsOf(state: StackState, steps: OperationResult["steps"], adoptions: readonly Adoption[]): Component[] {
  const known = new Set(state.resources.map(({ urn }) => urn));
  const parents = new Set(adoptions.map(({ parent }) => parent));
  return steps.flatMap(({ op, new: component }) => {
    if (op !== "create" || component === undefined || component.custom || known.has(component.urn)) return [];
    const { urn, type, parent } = component;
    return parents.has(urn) ? [{ urn, type, parent }] : [];
  });
}

function adoptionOf({ begun: _begun, hasUserData: _hasUserData, ...resource }: Candidate): Omit<Adoption, "id"> {
  return resource;
}

/** Of its user data an instance keeps a hash; without it, it would be built anew. */
async function outputsOf({ cloud }: OpenClass, { hasUserData }: Candidate, id: string) {
  const userData = hasUserData ? await readUserDataHash(cloud.session, id) : undefined;
  return userData === undefined ? {} : { userData };
}

interface Candidate extends Omit<Adoption, "id"> {
  begun: boolean;
  /** Also where it is secret, so that an event does not show it. */
  hasUserData: boolean;
}

function candidatesOf(state: StackState, steps: OperationResult["steps"]): Candidate[] {
  const known = new Set(state.resources.map(({ urn }) => urn));
  const begun = state.pending.flatMap(({ type, resource }) =>
    type === "creating" ? [{ ...resource, begun: true }] : [],
  );
  const planned = steps.flatMap((step) =>
    step.op.startsWith("create") && step.new?.custom === true ? [{ ...step.new, begun: false }] : [],
  );
  // What is made although the state knows it was not found by its id, which may be the state's mistake.
  const missing = new Set(steps.flatMap(({ op, urn }) => (op === "create" ? [urn] : [])));
  const candidates = [...begun, ...planned].map(({ urn, type, inputs, parent, provider, begun: isBegun }) => ({
    ...{ urn, type, parent, provider, begun: isBegun },
    hasUserData: inputs["userData"] !== undefined,
    // What an event hides is set again by the update.
    inputs: Object.fromEntries(Object.entries(inputs).filter(([, value]) => !isHidden(value))),
  }));
  return candidates.filter(
    ({ urn, type }, index) =>
      type.startsWith("openstack:") &&
      (!known.has(urn) || missing.has(urn)) &&
      candidates.findIndex((other) => other.urn === urn) === index,
  );
}

/** The word may stand for a whole value or be wrapped as a secret is in the state. */
const isHidden = (value: unknown) => JSON.stringify(value).includes(`"${SECRET}"`);
const saysUnknown = (value: unknown) => JSON.stringify(value).includes(UNKNOWN);

function whoseIs({ cloud, loaded }: Pick<OpenClass, "cloud" | "loaded">, { resources }: StackState) {
  const idOf = (type: string) => resources.find((each) => each.type === type)?.id;
  return {
    projectId: idOf(PROJECT) ?? cloud.address.projectId,
    userId: idOf(USER) ?? cloud.address.userId,
    course: loaded.course.course,
  };
}
