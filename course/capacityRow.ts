/** One thing that can run out. */
export interface CapacityRow {
  /** In words, e.g. "floating IPs". */
  resource: string;
  /** "" for what is counted. */
  unit: "" | "MiB" | "GiB";
  /** Whose limit it is, e.g. "your project's quota". */
  where: string;
  /** One more student takes this. */
  needEach: number;
  /** All students who are not there yet take this, with what the class itself still takes. */
  need: number;
  /** Free; negative where a limit was lowered below what is in use, null without a limit. */
  have: number | null;
  /** What is needed beyond what is there. */
  missing: number;
  /** The largest number of students in all, those who are there included; null without a limit. */
  mostStudents: number | null;
  /** What is not obvious about it. */
  note: string;
}

export interface ClassSize {
  students: number;
  /** Students whose part is there already, and counts as used. */
  alreadyThere: number;
}

/** What there is of something, and what is taken of it. */
export interface Supply {
  resource: string;
  unit?: CapacityRow["unit"];
  where: string;
  each: number;
  /** Taken once, whatever the number of students. @default 0 */
  once?: number;
  have: number | null;
  /** @default "" */
  note?: string;
}

/** A supply that all students share. */
export function sharedRow({ each, once = 0, ...supply }: Supply, { students, alreadyThere }: ClassSize): CapacityRow {
  const toCome = Math.max(0, students - alreadyThere);
  const need = toCome === 0 ? 0 : once + each * toCome;
  return row(supply, each, need, most(supply.have, each, once, alreadyThere));
}

/** A supply that each student has of their own: it is the same for one student as for all. */
export function ownRow({ each, ...supply }: Supply, { students, alreadyThere }: ClassSize): CapacityRow {
  const fits = supply.have === null || each <= supply.have;
  return row(supply, each, students > alreadyThere ? each : 0, fits ? null : alreadyThere);
}

function most(have: number | null, each: number, once: number, alreadyThere: number): number | null {
  if (have === null) return null;
  if (have < once) return alreadyThere;
  return each === 0 ? null : alreadyThere + Math.floor((have - once) / each);
}

function row(
  { resource, unit = "", where, have, note = "" }: Omit<Supply, "each" | "once">,
  needEach: number,
  need: number,
  mostStudents: number | null,
): CapacityRow {
  // Nobody misses what nobody needs, even where a limit is below what is in use.
  const missing = have === null || need === 0 ? 0 : Math.max(0, need - have);
  return { resource, unit, where, needEach, need, have, missing, mostStudents, note };
}
