import { z } from "zod";
import type { CloudView, Describe, KnownResource, KnownStack } from "./cloudView.ts";
import { type Drift, driftOf } from "./drift.ts";
import { type KnownInstance, knownInstances, labNameOf } from "./knownResources.ts";
import { FLOATING_IP, INSTANCE } from "./resourceTypes.ts";
import { textOf } from "./stateValues.ts";
import { unknownThings } from "./unknownThings.ts";

/**
 * - `complete`: an update ended well, and everything the lab gives is there
 * - `incomplete`: an update was interrupted or failed, or the lab gives more by now
 * - `in work`: somebody is working on it at this moment
 * - `left`: the student is no longer in the roster
 * - `unreadable`: its state is damaged
 */
export type StackCondition = "not made" | "complete" | "incomplete" | "in work" | "left" | "unreadable";

/** One instance of a student. */
export interface InstanceStatus {
  /** In the lab. */
  instance: string;
  /** Nova's own word, e.g. `ACTIVE`; else `not made`, `gone` (the state has it, the cloud has not), or `unknown`. */
  state: string;
  /** What Nova is about with it, e.g. `powering-off`. */
  task?: string;
  /** Nova's reason, when it is in error. */
  fault?: string;
  id?: string;
  /** The floating IP that leads to it; else its fixed IP. */
  address?: string;
  /** Whether the address is a floating IP: only then can it be asked. */
  floating: boolean;
  /** Of its page. */
  url?: string;
  /** `yes`, or what came instead, e.g. `no answer`; undefined when it was not asked. */
  answer?: string;
}

/** How it stands for one student. */
export interface StudentStatus {
  student: string;
  name: string;
  stack: StackCondition;
  /** Why the stack is not complete, in a line each. */
  because: string[];
  instances: InstanceStatus[];
  /** What somebody has deleted or changed past Pulumi. */
  drift: Drift[];
  /** In the cloud with the course's tag, but not in the state. */
  orphans: string[];
  /** In the student's project, made by hand. */
  madeByHand: string[];
}

export interface StatusQuestion {
  student: { id: string; name: string };
  /** false: the roster does not have the student. @default true */
  enrolled?: boolean;
  /** Names of the instances that the lab gives; empty when it is not known. */
  expected: readonly string[];
  stack: KnownStack | undefined;
  /** Why the state cannot be read. @default it can */
  unreadable?: string | undefined;
  /** Who is working on it at this moment. @default nobody, as far as can be told */
  worker?: string | undefined;
  /** undefined when the cloud cannot be looked at. */
  cloud: CloudView | undefined;
  describe: Describe;
}

/** How it stands for one student, from what Pulumi's state says and what the cloud has. */
export function studentStatus(question: StatusQuestion): StudentStatus {
  const { student, stack, cloud, worker, unreadable, describe } = question;
  const because = stack === undefined ? [] : incompleteness(stack, question.expected, describe);
  // While somebody works on it, cloud and state differ from one moment to the next.
  const settled = worker === undefined && unreadable === undefined && cloud !== undefined;
  const unknown = settled ? unknownThings(stack, student.id, cloud) : { orphans: [], madeByHand: [] };
  return {
    ...{ student: student.id, name: student.name, stack: conditionOf(question, because) },
    because: [
      ...(unreadable === undefined ? [] : [unreadable]),
      ...(worker === undefined ? because : [`${worker} is working on it`]),
    ],
    instances: instancesOf(question),
    drift: settled && stack !== undefined ? driftOf(stack, student.id, cloud, describe) : [],
    orphans: unknown.orphans.map(describe),
    madeByHand: unknown.madeByHand.map(describe),
  };
}

function conditionOf(
  { stack, enrolled = true, worker, unreadable }: StatusQuestion,
  because: readonly string[],
): StackCondition {
  if (unreadable !== undefined) return "unreadable";
  if (worker !== undefined) return "in work";
  if (stack === undefined) return "not made";
  if (!enrolled) return "left";
  return because.length > 0 ? "incomplete" : "complete";
}

const DOING: Record<string, string> = { creating: "making", updating: "changing", deleting: "deleting" };

/** Why a stack is not as its program wanted it, the most telling reason alone; empty when it is. */
export function incompleteness(stack: KnownStack, expected: readonly string[], describe: Describe): string[] {
  const { pending, resources, outputs } = stack;
  const begun = Map.groupBy(pending, ({ type }) => DOING[type] ?? type);
  const nameOf = (resource: KnownResource) => {
    const name = textOf(resource, "name") ?? labNameOf(resource);
    return describe({ type: resource.type, name, id: name });
  };
  const broken = [
    ...[...begun].map(
      ([doing, each]) => `interrupted while ${doing} ${each.map(({ resource }) => nameOf(resource)).join(", ")}`,
    ),
    ...resources.flatMap((resource) =>
      resource.initErrors.map((error) => `${nameOf(resource)}: ${error.split("\n")[0] ?? ""}`),
    ),
  ];
  if (broken.length > 0) return broken;
  const made = knownInstances(stack).map(({ name }) => name);
  const missing = expected.filter((name) => !made.includes(name));
  if (missing.length > 0) return missing.map((name) => `${name} is not made`);
  const endedWell = outputs["student"] !== undefined || outputs["class"] !== undefined;
  return endedWell ? [] : ["no update has ended well yet"];
}

function instancesOf({ expected, stack, cloud, student, unreadable }: StatusQuestion): InstanceStatus[] {
  const state = unreadable === undefined ? "not made" : "unknown";
  const known = stack === undefined ? [] : knownInstances(stack);
  const missing = expected.filter((name) => !known.some((each) => each.name === name));
  // The lab's order; what the lab no longer has comes last.
  const order = (name: string) => (expected.includes(name) ? expected.indexOf(name) : expected.length);
  return [
    ...known.map((each) => instanceStatus(each, student.id, cloud)),
    ...missing.map((instance) => ({ instance, state, floating: false })),
  ].sort((one, other) => order(one.instance) - order(other.instance));
}

const fixedIpSchema = z.array(z.looseObject({ fixedIpV4: z.string().optional() })).catch([]);

function instanceStatus(known: KnownInstance, student: string, cloud: CloudView | undefined): InstanceStatus {
  const { name, resource } = known;
  const thing = cloud?.byId(INSTANCE, resource.id, student);
  const isGone = cloud?.has(INSTANCE, resource.id, student) === false;
  const { status: state = isGone ? "gone" : "unknown", task, fault } = thing ?? {};
  const floatingIp = isGone ? undefined : floatingIpOf(known, cloud);
  const fixedIp = fixedIpSchema.parse(resource.outputs["networks"])[0]?.fixedIpV4;
  const address = floatingIp ?? (isGone ? undefined : fixedIp);
  return {
    ...{ instance: name, state, id: resource.id, floating: floatingIp !== undefined },
    ...(task === undefined ? {} : { task }),
    ...(state === "ERROR" ? { fault: fault ?? "Nova gives no reason" } : {}),
    ...(address === undefined ? {} : { address }),
    // The page of another address than the one that leads here is somebody else's.
    ...(floatingIp !== undefined && known.url?.includes(floatingIp) === true ? { url: known.url } : {}),
  };
}

/** What leads to it in the cloud; what did, where the cloud cannot be asked. */
function floatingIpOf({ portIds, floatingIp }: KnownInstance, cloud: CloudView | undefined): string | undefined {
  if (cloud === undefined) return floatingIp;
  return cloud.all.find(({ type, floatingIp: each }) => type === FLOATING_IP && portIds.includes(each?.portId ?? ""))
    ?.floatingIp?.address;
}
