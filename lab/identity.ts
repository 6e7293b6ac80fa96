import type { Problem } from "./problem.ts";

/** Longest course or student id. Names are `<course>-<student>-<role>` and hostnames end at 63 characters (RFC 1035), so 20 + 20 leaves 21 for the role. */
export const LONGEST_ID = 20;

/** Longest name of what becomes a host name after course and student: RFC 1035's 63 characters without both ids and their dashes. */
export const LONGEST_ROLE = 63 - 2 * (LONGEST_ID + 1);

/** Who a set of resources belongs to. */
export interface Owner {
  /** Id of the course: lower-case letters, digits and dashes. */
  course: string;
  /** Id of the student, the key for ever; a name is only a label. */
  student: string;
}

/** Tags for everything in Neutron, by which orphans can be found: `course:…`, `student:…`, `managed-by:classroom`. */
export function ownerTags({ course, student }: Owner): string[] {
  return [`course:${course}`, `student:${student}`, "managed-by:classroom"];
}

/** Tags for what a whole class shares. */
export function courseTags(course: string): string[] {
  return [`course:${course}`, "managed-by:classroom"];
}

/** The same as key and value, for what takes metadata instead of tags (instances, volumes, images). */
export function tagMetadata(tags: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    tags.map((tag) => {
      const colon = tag.indexOf(":");
      return colon < 0 ? [tag, ""] : [tag.slice(0, colon), tag.slice(colon + 1)];
    }),
  );
}

/** What is wrong with an id that becomes part of resource and host names. */
export function idProblems(path: string, id: string): Problem[] {
  if (id.length > LONGEST_ID)
    return [{ path, reason: `"${id}" has ${id.length} characters; use at most ${LONGEST_ID}` }];
  if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(id))
    return [
      {
        path,
        reason: `"${id}" cannot be part of a host name; use lower-case letters, digits and dashes, with a letter first and no dash at the end`,
      },
    ];
  return [];
}
