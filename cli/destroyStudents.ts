import { studentStackName } from "../course/stackNames.ts";
import { describeObject, type CloudObject } from "../openstack/cloudObject.ts";
import { type Inventory, readInventory } from "../openstack/inventory.ts";
import { purge } from "../openstack/purge.ts";
import { deleteStuckInstances } from "../openstack/stuckInstances.ts";
import { attempted } from "./attempted.ts";
import type { OpenClass } from "./openClass.ts";
import { errorsOf } from "./previewClass.ts";
import { putRight } from "./putRight.ts";
import { workOnStacks } from "./stackWork.ts";
import { expectedObjects } from "../stacks/expectedObjects.ts";

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
  const inventory = await inventoryOf(open, sound);
  const strangers = new Map(sound.map((id) => [id, strangersOf(open, inventory, id)]));
  const blocked = sound.filter((id) => (strangers.get(id) ?? []).length > 0 && options.purge !== true);
  const going = sound.filter((id) => !blocked.includes(id));
  const unknown = going.flatMap((id) => [...(strangers.get(id) ?? []), ...orphansOf(open, inventory, id)]);
  await purge(cloud.session, unknown, undefined, { isOver });
  const listed = inventory.all.filter(({ student = "" }) => going.includes(student));
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

/** Everything in the cloud that is these students'. */
async function inventoryOf({ cloud, loaded, states }: OpenClass, only: readonly string[]): Promise<Inventory> {
  const { course } = loaded.course;
  return readInventory(cloud.session, {
    ...{ course, only, students: [...new Set([...loaded.students.map(({ id }) => id), ...only])] },
    projects: new Map(
      only.flatMap((id) =>
        (states.get(studentStackName(course, id))?.resources ?? []).flatMap((resource) =>
          resource.type === "openstack:identity/project:Project" ? [[resource.id, id] as const] : [],
        ),
      ),
    ),
    expected: expectedObjects(loaded),
  });
}

/** What a student made by hand: in the project, but neither in the state nor made by the cloud itself nor tagged as the course's. */
function strangersOf(open: OpenClass, inventory: Inventory, student: string): CloudObject[] {
  return unknownOf(open, inventory, student).filter(({ tags }) => tags["managed-by"] !== "classroom");
}

/** The course's own things that the state does not know. */
function orphansOf(open: OpenClass, inventory: Inventory, student: string): CloudObject[] {
  return unknownOf(open, inventory, student).filter(({ tags }) => tags["managed-by"] === "classroom");
}

function unknownOf({ loaded, states }: OpenClass, inventory: Inventory, student: string): CloudObject[] {
  const state = states.get(studentStackName(loaded.course.course, student));
  const known = new Set((state?.resources ?? []).map((resource) => `${resource.type} ${resource.id}`));
  return inventory.ofStudent(student).filter(({ type, id, automatic }) => !automatic && !known.has(`${type} ${id}`));
}
