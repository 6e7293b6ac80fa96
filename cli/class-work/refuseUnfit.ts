import type { Selectable } from "../../course/selection.ts";
import { refuse, UserError } from "../../terminal/userError.ts";
import { checkCourse, hindrances } from "../course-access/checkCourse.ts";
import { checkText } from "../course-access/checkText.ts";
import type { OpenClass } from "../open-class/openClass.ts";

/**
 * Refuses what the cloud has no room for: only those who are still to be made take anything more.
 *
 * @param named of the roster or not; undefined for all of it
 */
export async function refuseWhatDoesNotFit(
  { loaded, cloud }: OpenClass,
  named: readonly Selectable[] | undefined,
): Promise<void> {
  const ids = named?.map(({ id }) => id);
  const only = ids === undefined ? undefined : loaded.students.map(({ id }) => id).filter((id) => ids.includes(id));
  const check = await checkCourse(loaded, { at: cloud, only });
  if (!check.ok) throw new UserError(`the class does not fit:\n${checkText(check)}`);
}

/**
 * Refuses what is not allowed, or with a wrong clock, where all are there. What larger flavors or more instances of theirs take is not
 * counted: no listing tells it.
 */
export async function refuseHindrances({ cloud }: OpenClass): Promise<void> {
  refuse(
    "nothing was done",
    (await hindrances(cloud)).map(({ path, reason }) => `${path}: ${reason}`),
  );
}
