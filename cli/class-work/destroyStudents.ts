import { studentStackName } from "../../course/stackNames.ts";
import { type UnknownThings, unknownThings } from "../../course/unknownThings.ts";
import { describeObject, type CloudObject } from "../../openstack/cloudObject.ts";
import type { Inventory } from "../../openstack/inventory.ts";
import { purge } from "../../openstack/purge.ts";
import { deleteStuckInstances } from "../../openstack/stuckInstances.ts";
import { readCourseCloud } from "../course-access/readCourse.ts";
import { attempted } from "../open-class/attempted.ts";
import type { OpenClass } from "../open-class/openClass.ts";
import { errorsOf } from "../open-class/previewClass.ts";
import { workOnStacks } from "../open-class/stackWork.ts";
import { putRight } from "../recovery/putRight.ts";

/** How the end of a student's stack went. */
export interface DestroyOutcome {
  student: string;
  ok: boolean;
  errors: string[];
}

export interface DestroyStudentsOptions {
  /** Also what students made by hand in their projects. @default false */
  purge?: boolean;
}

/** Destroys the stacks of these students, side by side. Whoever has things that the state does not know is left alone, unless they may go. */
export async function destroyStudents(
  open: OpenClass,
  ids: readonly string[],
  options: DestroyStudentsOptions = {},
): Promise<DestroyOutcome[]> {
  const { loaded, pool, settings, states, cloud } = open;
  const { course } = loaded.course;
  const known = ids.filter((id) => states.has(studentStackName(course, id)));
  const isOver = () => pool.interrupted;
  if (isOver()) return known.map((student) => ({ student, ok: false, errors: ["interrupted"] }));
  // What a killed update made belongs to the state before it is said to be a stranger.
  const failed = (
    await Promise.all(
      known.map(async (student): Promise<DestroyOutcome[]> => {
        const operation = { stack: studentStackName(course, student), action: "destroy" } as const;
        const done = await attempted(() => putRight(open, operation, []));
        return "reason" in done ? [{ student, ok: false, errors: [done.reason] }] : [];
      }),
    )
  ).flat();
  const sound = known.filter((id) => !failed.some(({ student }) => student === id));
  const inventory = await readCourseCloud(cloud.session, loaded, open, { only: sound });
  const strangers = new Map(sound.map((id) => [id, strangersOf(open, inventory, id)]));
  const blocked = sound.filter((id) => (strangers.get(id) ?? []).length > 0 && options.purge !== true);
  const going = sound.filter((id) => !blocked.includes(id));
  const unknown = going.flatMap((id) => [...(strangers.get(id) ?? []), ...orphansOf(open, inventory, id)]);
  await purge(cloud.session, unknown, undefined, { isOver });
  const listed = inventory.all.filter(({ student = "", because }) => going.includes(student) && because !== "name");
  await deleteStuckInstances(cloud.session, listed, undefined, { isOver });
  const results = await workOnStacks(
    pool,
    settings,
    going.map((id) => ({
      title: id,
      operation: { stack: studentStackName(course, id), action: "destroy" as const, remove: true },
    })),
  );
  const outcomes = results.map((result, index): DestroyOutcome => {
    const ok = result.outcome === "done";
    if (ok) states.delete(result.stack);
    return { student: going[index] ?? "", ok, errors: ok ? [] : errorsOf(result) };
  });
  return [
    ...outcomes,
    ...failed,
    ...blocked.map((student) => ({
      ...{ student, ok: false },
      errors: [
        "has made things by hand, which are kept unless --purge is given:",
        ...(strangers.get(student) ?? []).map((object) => `  ${describeObject(object)}`),
      ],
    })),
  ];
}

/** What a student made by hand. What goes with it is not named again. */
export function strangersOf(open: OpenClass, inventory: Inventory, student: string): CloudObject[] {
  return unknownOf(open, inventory, student).madeByHand;
}

/** The course's own things that the state does not know, and the parts of all that goes. */
function orphansOf(open: OpenClass, inventory: Inventory, student: string): CloudObject[] {
  const { orphans, parts } = unknownOf(open, inventory, student);
  return [...orphans, ...parts];
}

function unknownOf({ loaded, states }: OpenClass, inventory: Inventory, student: string): UnknownThings<CloudObject> {
  return unknownThings(states.get(studentStackName(loaded.course.course, student)), student, inventory);
}
