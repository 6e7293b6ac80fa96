import { quoted } from "./quoted.ts";
import type { RosterStudent } from "./roster.ts";
import type { RosterProblem } from "./rosterProblem.ts";

/** An id with where it stands; the id may be wrong in itself. */
export interface PlacedId {
  id: string;
  line: number;
}

/** Ids that are there before: the same, or the same but for capitals or for how Unicode writes them. */
export function duplicateIds(ids: readonly PlacedId[]): RosterProblem[] {
  const first = new Map<string, PlacedId>();
  return ids.flatMap(({ id, line }): RosterProblem[] => {
    const key = id.normalize("NFKC").toLowerCase();
    const before = first.get(key);
    if (before === undefined) first.set(key, { id, line });
    if (before === undefined || id === "") return [];
    const same =
      before.id === id
        ? `${quoted(id)} is in line ${before.line} already`
        : `${quoted(id)} is the same as ${quoted(before.id)} in line ${before.line}, but for capitals or how Unicode writes it`;
    return [{ line, column: "id", reason: `${same}; each student has an id of their own` }];
  });
}

/** Groups that `--students` could not tell from a student. */
export function ambiguousGroups(students: readonly RosterStudent[]): RosterProblem[] {
  const lines = new Map(students.map(({ id, line }) => [id, line]));
  return students.flatMap(({ group = "", line }): RosterProblem[] => {
    const other = lines.get(group);
    if (other === undefined) return [];
    const reason = `${quoted(group)} is also the id of a student (line ${other}), and --students takes both; call the group otherwise`;
    return [{ line, column: "group", reason }];
  });
}

/** What can be meant so, but is more often a slip: one key for two students, groups that differ in their capitals only. */
export function likelySlips(students: readonly RosterStudent[]): RosterProblem[] {
  const keys = new Map<string, RosterStudent>();
  const groups = new Map<string, RosterStudent>();
  return students.flatMap((student): RosterProblem[] => {
    const { line, sshPublicKey, group } = student;
    const warnings: RosterProblem[] = [];
    // The comment after the key does not matter.
    const key = sshPublicKey?.split(/\s+/)[1];
    const sameKey = key === undefined ? undefined : keys.get(key);
    if (sameKey !== undefined) {
      const reason = `is the key of ${sameKey.id} (line ${sameKey.line}) too; each of the two can log in to the other's instances`;
      warnings.push({ line, column: "ssh_public_key", reason });
    } else if (key !== undefined) keys.set(key, student);
    const likeGroup = group === undefined ? undefined : groups.get(group.toLowerCase());
    if (group !== undefined && likeGroup === undefined) groups.set(group.toLowerCase(), student);
    if (group !== undefined && likeGroup !== undefined && likeGroup.group !== group) {
      const reason = `${quoted(group)} is another group than ${quoted(likeGroup.group ?? "")} in line ${likeGroup.line}`;
      warnings.push({ line, column: "group", reason });
    }
    return warnings;
  });
}
