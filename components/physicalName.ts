import type { Problem } from "../lab/problem.ts";

/** Neutron, Nova and Cinder keep names in columns of this many characters. */
const LONGEST_NAME = 255;

/** What is wrong with a name that OpenStack shows, when it differs from the logical one. */
export function physicalNameProblems(path: string, name: string | undefined): Problem[] {
  if (name === undefined) return [];
  if (name.trim() === "") return [{ path, reason: "is empty; write a name, or leave it out" }];
  if (/\p{Cc}/u.test(name)) return [{ path, reason: "has a control character, e.g. a line break; use plain text" }];
  return name.length <= LONGEST_NAME
    ? []
    : [{ path, reason: `has ${name.length} characters; use at most ${LONGEST_NAME}` }];
}
