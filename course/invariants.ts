import type { CloudThing, CloudView, Describe, KnownStack } from "./cloudView.ts";
import { type Drift, driftOf } from "./drift.ts";
import { type CommandWords, command, type Finding } from "./finding.ts";
import { cloudResources } from "./knownResources.ts";
import { FLOATING_IP, INSTANCE, PROJECT } from "./resourceTypes.ts";
import { classStackName, studentOfStack, studentStackName } from "./stackNames.ts";
import { incompleteness } from "./studentStatus.ts";
import { unknownThings } from "./unknownThings.ts";

/** What is known of a class at one moment. */
export interface ClassFacts extends CommandWords {
  /** Ids in the roster; undefined when it cannot be read. */
  enrolled: readonly string[] | undefined;
  /** Names of the instances that the lab gives; empty when it cannot be read. */
  expected: readonly string[];
  /** By name; undefined when it cannot be told which there are. */
  states: ReadonlyMap<string, KnownStack> | undefined;
  /** Stacks that say nothing now: their state is damaged. */
  unreadable: readonly string[];
  /** Stacks that somebody is working on at this moment. */
  inWork: readonly string[];
  /** undefined when it cannot be looked at. */
  cloud: CloudView | undefined;
  describe: Describe;
  /** The command that deletes a thing, which nothing else would. */
  deletion: (thing: CloudThing) => string;
}

/** Everything that is not as it should be in state and cloud. Of what somebody is working on, nothing is said. */
export function findings(facts: ClassFacts): Finding[] {
  const { states } = facts;
  if (states === undefined) return [];
  return [
    ...rosterFindings(facts, states),
    ...[...states.values()]
      .filter(({ stack }) => !facts.inWork.includes(stack))
      .flatMap((stack) => [...stateFindings(facts, stack), ...cloudFindings(facts, stack)]),
    ...orphanFindings(facts),
  ];
}

/** Whose stack is missing, and whose should no longer be there. */
function rosterFindings(facts: ClassFacts, states: ReadonlyMap<string, KnownStack>): Finding[] {
  const { course, enrolled, unreadable } = facts;
  if (enrolled === undefined) return [];
  const stacks = [...states.keys(), ...unreadable];
  const has = (stack: string) => stacks.includes(stack);
  const without = enrolled.filter((id) => !has(studentStackName(course, id)));
  const former = stacks.flatMap((stack) => {
    const id = studentOfStack(course, stack);
    return id === undefined || enrolled.includes(id) ? [] : [id];
  });
  const classStack = classStackName(course);
  return [
    ...(has(classStack) || stacks.length === 0
      ? []
      : [
          {
            ...{
              rule: "not-made" as const,
              who: "class",
              what: "the class stack is missing, though students have theirs",
            },
            evidence: `there is no stack ${classStack}`,
            mend: command(facts, "up"),
          },
        ]),
    ...(without.length === 0
      ? []
      : [
          {
            rule: "not-made" as const,
            who: without.join(","),
            what:
              without.length === 1
                ? "is in the roster and has no stack"
                : `${without.length} students are in the roster and have no stack`,
            evidence: without.map((id) => `no stack ${studentStackName(course, id)}`).join(", "),
            mend: command(facts, without.length === enrolled.length ? "up" : `up --students ${without.join(",")}`),
          },
        ]),
    ...former.map((id) => ({
      ...{ rule: "former-student" as const, who: id, what: "has left the roster, and the stack is still there" },
      evidence: `stack ${studentStackName(course, id)}`,
      mend: command(facts, "up --prune"),
    })),
  ];
}

/** What an update left half done. */
function stateFindings(facts: ClassFacts, stack: KnownStack): Finding[] {
  const who = whoOf(facts, stack);
  const told = incompleteness(stack, who === "class" || isFormer(facts, who) ? [] : facts.expected, facts.describe);
  if (told.length === 0) return [];
  const interrupted = stack.pending.length > 0;
  return [
    {
      ...{ rule: interrupted ? "interrupted" : "incomplete", who },
      what: interrupted
        ? "an update was interrupted in the middle of something"
        : "the last update did not make everything",
      ...{ evidence: told.join("; "), mend: upFor(facts, who) },
    },
  ];
}

function cloudFindings(facts: ClassFacts, stack: KnownStack): Finding[] {
  const { cloud, describe } = facts;
  if (cloud === undefined) return [];
  const who = whoOf(facts, stack);
  const student = who === "class" ? undefined : who;
  const errors = cloudResources(stack).flatMap(({ type, id, initErrors }): Finding[] => {
    const thing = type === INSTANCE ? cloud.byId(type, id, student) : undefined;
    if (thing?.status !== "ERROR") return [];
    // An update makes anew what never came up. Of what is in error since, it sees nothing that it could change.
    const neverCameUp = initErrors.length > 0 || student === undefined || isFormer(facts, student);
    return [
      {
        ...{ rule: "instance-error", who, what: `${describe(thing)} is in error` },
        evidence: thing.fault ?? "Nova gives no reason",
        mend: neverCameUp ? upFor(facts, who) : command(facts, `reset ${student}`),
      },
    ];
  });
  return [...errors, ...driftFindings(facts, who, driftOf(stack, student, cloud, describe))];
}

function driftFindings(facts: ClassFacts, who: string, drifts: readonly Drift[]): Finding[] {
  return drifts.map(({ kind, object, how, type, id, unseenByUpdate }) => ({
    rule: kind === "deleted" ? "deleted" : type === FLOATING_IP ? "address" : "changed",
    ...{ who, what: `${object} ${how}` },
    evidence: `the state has ${type.split(":").at(-1) ?? type} ${id}${kind === "deleted" ? ", the cloud has not" : ""}`,
    mend: unseenByUpdate === undefined ? upFor(facts, who) : `${facts.client} ${unseenByUpdate}`,
  }));
}

/** What carries the course's tag and no stack knows. */
function orphanFindings(facts: ClassFacts): Finding[] {
  const { cloud, states, course, unreadable, inWork, describe } = facts;
  if (cloud === undefined || states === undefined) return [];
  const owners = new Set(cloud.all.map(({ student }) => student));
  return [...owners].flatMap((student) => {
    const name = student === undefined ? classStackName(course) : studentStackName(course, student);
    if (unreadable.includes(name) || inWork.includes(name)) return [];
    const stack = states.get(name);
    const { orphans } = unknownThings(stack, student, cloud);
    if (orphans.length === 0) return [];
    const [count, them] = orphans.length === 1 ? ["1 thing is", "it"] : [`${orphans.length} things are`, "them"];
    const unknown = stack === undefined ? "there is no stack" : `the state does not know ${them}`;
    return [
      {
        ...{ rule: "orphan" as const, who: student ?? "class" },
        what: `${count} in the cloud with the course's tag, and ${unknown}`,
        evidence: orphans.map(describe).join(", "),
        mend: orphanMend(facts, student, stack, orphans),
      },
    ];
  });
}

/** An update takes into the state what the lab gives; nothing else does, and whatever the lab does not give has to go. */
function orphanMend(
  facts: ClassFacts,
  student: string | undefined,
  stack: KnownStack | undefined,
  orphans: readonly CloudThing[],
): string {
  const deletions = orphans.map(facts.deletion).join("; ");
  if (student !== undefined && isFormer(facts, student) && stack === undefined) return deletions;
  // A lost state is found again by the student's project.
  if (stack === undefined && student !== undefined && !orphans.some(({ type }) => type === PROJECT)) return deletions;
  const adoption = upFor(facts, student ?? "class");
  const isHalf = stack === undefined || incompleteness(stack, [], facts.describe).length > 0;
  return isHalf ? adoption : `${adoption}; what is still found afterwards: ${deletions}`;
}

function whoOf({ course }: CommandWords, { stack }: KnownStack): string {
  return studentOfStack(course, stack) ?? "class";
}

const isFormer = ({ enrolled }: ClassFacts, id: string) => enrolled?.includes(id) === false;

/** What makes a stack right again; of somebody who has left, nothing needs to be right. */
function upFor(facts: ClassFacts, who: string): string {
  if (who === "class") return command(facts, "up");
  return command(facts, isFormer(facts, who) ? "up --prune" : `up --students ${who}`);
}
