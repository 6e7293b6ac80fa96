import { type CloudThing, type CloudView, type KnownStack, SNAPSHOT } from "./cloudView.ts";
import { cloudResources } from "./knownResources.ts";

/** What the cloud has of somebody although the state does not know it. */
export interface UnknownThings {
  /** With the course's own tag: a run that was killed, or whose state was lost, has made it. */
  orphans: CloudThing[];
  /** What a student, or somebody else, has made in the student's project. What is part of such a thing is not counted again. */
  madeByHand: CloudThing[];
}

/**
 * Compares the cloud with the state, from the cloud's side.
 *
 * @param stack undefined where there is none: then nothing is known
 * @param student undefined for what the whole class shares
 */
export function unknownThings(
  stack: KnownStack | undefined,
  student: string | undefined,
  { all }: CloudView,
): UnknownThings {
  const known = new Set(stack === undefined ? [] : cloudResources(stack).map(({ type, id }) => `${type} ${id}`));
  const unknown = all.filter(
    (thing) =>
      thing.student === student &&
      !thing.automatic &&
      !known.has(`${thing.type} ${thing.id}`) &&
      !isPrinted(thing, stack),
  );
  const ids = new Set(unknown.map(({ id }) => id));
  const isPart = ({ partOf = "", port }: CloudThing) => ids.has(partOf) || ids.has(port?.deviceId ?? "");
  const isOurs = ({ tags }: CloudThing) => tags["managed-by"] === "classroom";
  return {
    orphans: unknown.filter(isOurs),
    // Of what only its name tells, nobody can say that it is not another course's.
    madeByHand: unknown.filter((thing) => !isOurs(thing) && !isPart(thing) && thing.because !== "name"),
  };
}

/** Snapshots are made by a command, which prints their id. */
function isPrinted({ type, id }: CloudThing, stack: KnownStack | undefined): boolean {
  return (
    type === SNAPSHOT &&
    stack?.resources.some(({ outputs: { stdout } }) => typeof stdout === "string" && stdout.includes(id)) === true
  );
}
