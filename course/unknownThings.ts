import type { CloudThing, KnownStack } from "./cloudView.ts";
import { SNAPSHOT } from "./resourceTypes.ts";

/** What the cloud has of somebody although the state does not know it. */
export interface UnknownThings<T> {
  /** With the course's own tag: a run that was killed, or whose state was lost, has made it. */
  orphans: T[];
  /** What a student, or somebody else, has made in the student's project. What is part of such a thing is not counted again. */
  madeByHand: T[];
  /** What is part of those or of an orphan, and says nothing of itself. */
  parts: T[];
}

/**
 * Compares the cloud with the state, from the cloud's side.
 *
 * @param stack undefined where there is none: then nothing is known
 * @param student undefined for what the whole class shares
 */
export function unknownThings<T extends CloudThing>(
  stack: KnownStack | undefined,
  student: string | undefined,
  { all }: { readonly all: readonly T[] },
): UnknownThings<T> {
  // Also what only waits to be deleted: Pulumi does that.
  const known = new Set((stack?.resources ?? []).map(({ type, id }) => `${type} ${id}`));
  const notInState = all.filter((thing) => thing.student === student && !known.has(`${thing.type} ${thing.id}`));
  const unknown = notInState.filter((thing) => !thing.automatic && !isPrinted(thing, stack));
  const ids = new Set(unknown.map(({ id }) => id));
  const isPart = ({ partOf = "", port }: CloudThing) => ids.has(partOf) || ids.has(port?.deviceId ?? "");
  const isOurs = ({ tags }: CloudThing) => tags["managed-by"] === "classroom";
  const namesakes = namesakesIn(notInState);
  const others = unknown.filter((thing) => !isOurs(thing) && !namesakes.has(thing));
  return {
    orphans: unknown.filter(isOurs),
    madeByHand: others.filter((thing) => !isPart(thing)),
    parts: others.filter(isPart),
  };
}

/** Of what only its name tells, nobody can say that it is not another course's, or the teacher's own; so it is with its parts. */
function namesakesIn(things: readonly CloudThing[]): Set<CloudThing> {
  const namesakes = new Set(things.filter(({ because }) => because === "name"));
  for (let before = -1; before !== namesakes.size;) {
    before = namesakes.size;
    const ids = new Set(Array.from(namesakes, ({ id }) => id));
    for (const thing of things) if (thing.because === "part" && ids.has(thing.partOf ?? "")) namesakes.add(thing);
  }
  return namesakes;
}

/** Snapshots are made by a command, which prints their id. */
function isPrinted({ type, id }: CloudThing, stack: KnownStack | undefined): boolean {
  return (
    type === SNAPSHOT &&
    stack?.resources.some(({ outputs: { stdout } }) => typeof stdout === "string" && stdout.includes(id)) === true
  );
}
