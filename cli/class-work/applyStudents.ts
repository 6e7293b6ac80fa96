import { studentStackName } from "../../course/stackNames.ts";
import type { Operation, OperationResult } from "../../engine/operation.ts";
import type { StackState } from "../../engine/stackStates.ts";
import type { CourseStudent } from "../../stacks/courseFolder.ts";
import { type InstanceOutput, readStudentOutputs } from "../../course/studentOutputs.ts";
import { attempted } from "../open-class/attempted.ts";
import { keepPageNames } from "../open-class/keepPlaces.ts";
import { type OpenClass, placesIn, studentOperation } from "../open-class/openClass.ts";
import { errorsOf, titleOf } from "../open-class/previewClass.ts";
import { type StackWork, workOnStacks } from "../open-class/stackWork.ts";
import { putRight } from "../recovery/putRight.ts";
import { stillToReplace } from "../recovery/stillToReplace.ts";
import { explained } from "./explained.ts";

/** How it ended for one student. */
export interface StudentOutcome {
  student: string;
  name: string;
  ok: boolean;
  /** Whether anything was done. */
  changed: boolean;
  /** Why it failed, in the cloud's own words; empty when it did not. */
  errors: string[];
  instances: Record<string, InstanceOutput>;
  seconds: number;
}

export interface ApplyOptions {
  /** Students for whom there is nothing to do. */
  unchanged?: readonly string[];
  /** Steps of the preview of each stack that was there. @default none */
  planned?: ReadonlyMap<string, OperationResult["steps"]>;
  planFolder?: string | undefined;
  /** Instances, by URN, that are rebuilt although nothing changed. @default none */
  replace?: readonly string[];
}

/** Makes the stacks of these students what the lab says, side by side; one that fails never stops another. */
export async function applyStudents(
  open: OpenClass,
  students: readonly CourseStudent[],
  { unchanged = [], planned = new Map(), planFolder, replace = [] }: ApplyOptions = {},
): Promise<StudentOutcome[]> {
  const { loaded, pool, settings, states } = open;
  const works = new Map(
    await Promise.all(
      students
        .filter(({ id }) => !unchanged.includes(id))
        .map(async (student) => [student.id, await attempted(() => workOn(student))] as const),
    ),
  );
  const begun = [...works.values()].flatMap((work) => ("value" in work ? [work.value] : []));
  const results = new Map((await workOnStacks(pool, settings, begun)).map((result) => [result.stack, result]));
  const made = loaded.students.filter(
    ({ id }) => results.get(studentStackName(loaded.course.course, id))?.outcome === "done",
  );
  keepPageNames(loaded, { ...placesIn(states), ...Object.fromEntries(made.map((student) => [student.id, student])) });
  return Promise.all(
    students.map(async (student): Promise<StudentOutcome> => {
      const stack = studentStackName(loaded.course.course, student.id);
      const { id, name } = student;
      if (unchanged.includes(id)) return unchangedOutcome(student, states.get(stack));
      const work = works.get(id);
      if (work !== undefined && "reason" in work)
        return {
          ...{ student: id, name, ok: false, changed: false, seconds: 0 },
          ...{ errors: [work.reason], instances: {} },
        };
      const result = results.get(stack);
      if (result === undefined) throw new Error(`nobody knows how the work on ${stack} ended`);
      const ok = result.outcome === "done";
      return {
        ...{ student: id, name, ok, changed: true, seconds: result.seconds },
        errors: ok ? [] : await explained(open, student, errorsOf(result)),
        instances: readStudentOutputs(result.outputs).instances,
      };
    }),
  );

  async function workOn(student: CourseStudent): Promise<StackWork> {
    const operation = await studentOperation(open, student);
    const plan =
      planFolder === undefined || operation.isNew === true ? {} : { plan: `${planFolder}/${operation.stack}.json` };
    const known = operation.isNew !== true;
    const update: Operation = { ...operation, action: "up", refresh: known, replace };
    return {
      title: titleOf(student),
      // What puts it right previews, and a preview would write another plan over it.
      operation: { ...update, ...plan },
      ...(known ? { prepare: (report) => putRight(open, update, planned.get(update.stack) ?? [], report) } : {}),
      beforeRetry: async ({ steps, begun: wasBegun }, report) => {
        const stillReplaced = await stillToReplace(open, update.stack, replace);
        // In a cloud that errs now and then, looking at all of it once more is what fails most often.
        const again = { ...update, refresh: known && !wasBegun, replace: stillReplaced };
        return { replace: again.replace, ...(await putRight(open, again, steps, report)) };
      },
      summary: ({ outputs }: OperationResult) => addressesOf(outputs),
    };
  }
}

/** Of a student for whom there is nothing to do. */
export function unchangedOutcome({ id, name }: CourseStudent, state: StackState | undefined): StudentOutcome {
  const { instances } = readStudentOutputs(state?.outputs);
  return { student: id, name, ok: true, changed: false, errors: [], instances, seconds: 0 };
}

function addressesOf(outputs: unknown): string {
  return Object.values(readStudentOutputs(outputs).instances)
    .flatMap(({ floatingIp }) => floatingIp ?? [])
    .join(" ");
}
