import type { Lab } from "./labSchema.ts";
import type { Problem } from "./problem.ts";

/** One thing of a student that another one has to be there for first. */
interface Need {
  /** e.g. `instances.web1` */
  of: string;
  /** The key that says so. */
  key: string;
  needed: string;
}

/**
 * Rings of things of which none can be made first. Floating IPs that instances lend to each other are among them: Neutron lets one
 * floating IP lead to a port, so none of them could move first.
 */
export function cycleProblems(lab: Lab): Problem[] {
  const needs = Map.groupBy(needsOf(lab), ({ of }) => of);
  const seen = new Set<string>();
  const follow = (thing: string, way: readonly Need[]): Problem[] => {
    const start = way.findIndex(({ of }) => of === thing);
    if (start >= 0) return [ringProblem(way.slice(start))];
    if (seen.has(thing)) return [];
    seen.add(thing);
    return (needs.get(thing) ?? []).flatMap((need) => follow(need.needed, [...way, need]));
  };
  return [...needs.keys()].flatMap((thing) => follow(thing, []));
}

function needsOf({ student: { instances, volumes, snapshots } }: Lab): Need[] {
  const need = (of: string, key: string, kind: string, name: string | undefined): Need[] =>
    name === undefined ? [] : [{ of, key, needed: `${kind}.${name}` }];
  return [
    ...Object.entries(instances).flatMap(([name, { bootFromVolume, floatingIpTo }]) => [
      ...need(`instances.${name}`, "bootFromVolume", "volumes", bootFromVolume),
      // Lent to itself is told by the rule of that key.
      ...need(`instances.${name}`, "floatingIpTo", "instances", floatingIpTo === name ? undefined : floatingIpTo),
    ]),
    ...Object.entries(volumes).flatMap(([name, { fromSnapshot, attachedTo }]) => [
      ...need(`volumes.${name}`, "fromSnapshot", "snapshots", fromSnapshot),
      ...need(`volumes.${name}`, "attachedTo", "instances", attachedTo),
    ]),
    ...Object.entries(snapshots).flatMap(([name, { of }]) => need(`snapshots.${name}`, "of", "volumes", of)),
  ];
}

function ringProblem(ring: readonly Need[]): Problem {
  const keys = ring.map(({ of, key }) => `student.${of}.${key}`);
  const things = [...ring, ...ring.slice(0, 1)].map(({ of }) => of);
  return {
    path: keys.at(-1) ?? "student",
    reason: `closes a ring of which none can be made first: ${things.join(" → ")}; change or leave out one of ${keys.join(", ")}`,
  };
}
