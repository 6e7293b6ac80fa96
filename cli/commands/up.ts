import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { changesNothing } from "../../course/plannedStep.ts";
import type { Selectable } from "../../course/selection.ts";
import { classStackName, studentStackName } from "../../course/stackNames.ts";
import { deleteWhatNeverCameUp } from "../../openstack/neverCameUp.ts";
import { type CourseStudent, loadCourse } from "../../stacks/courseFolder.ts";
import { UserError } from "../../terminal/userError.ts";
import { applyStudents, type StudentOutcome } from "../class-work/applyStudents.ts";
import { type DestroyOutcome, destroyStudents } from "../class-work/destroyStudents.ts";
import { refuseHindrances, refuseWhatDoesNotFit } from "../class-work/refuseUnfit.ts";
import { refuseOutsidePlan, stacksToPlan } from "../class-work/savedPlan.ts";
import { keepSettled, settledClass } from "../class-work/settledClass.ts";
import { SettledStacks } from "../class-work/settledStacks.ts";
import { studentsTable } from "../class-work/studentsTable.ts";
import { agreed } from "../command-line/agreed.ts";
import { agreedByName } from "../command-line/agreedByName.ts";
import { printResult } from "../command-line/printResult.ts";
import { chosenOf, type CourseOptions, withClassOptions, withJson } from "../command-line/sharedOptions.ts";
import { Interrupted } from "../command-line/stopOnInterrupt.ts";
import { bold } from "../command-line/table.ts";
import { formerStudents, readCourseState } from "../course-access/readCourse.ts";
import { ensureLocalCloud } from "../open-class/ensureLocalCloud.ts";
import { classOperation, type OpenClass, openClass, unreadableReason } from "../open-class/openClass.ts";
import {
  changesAnything,
  CLASS_STACK,
  type ClassPreview,
  type PreviewedClass,
  errorsOf,
  previewClass,
  previewText,
} from "../open-class/previewClass.ts";
import { workOnStacks } from "../open-class/stackWork.ts";
import { putRight } from "../recovery/putRight.ts";
import { putRightInterrupted } from "../recovery/putRightInterrupted.ts";
import { lostStacks, recoverLostStacks } from "../recovery/recoverLostStacks.ts";
import { stacksToPutRight } from "../recovery/stacksToPutRight.ts";

export interface UpOptions extends CourseOptions {
  /** Without a question. @default false */
  yes?: boolean;
  /** Also what destroys disks and volumes. @default false */
  allowDataLoss?: boolean;
  /** Folder of plans that `preview --save-plan` wrote. @default none */
  plan?: string | undefined;
  /** Destroys the stacks of students who are no longer in the roster, of those that `students` and `shard` mean. @default false */
  prune?: boolean;
  /** Looks at every stack with Pulumi, also at those that are known to be as they should. @default false */
  refresh?: boolean;
  /** Only says what would be done. @default false */
  dryRun?: boolean;
}

/** What `classroom up --json` prints. */
export interface UpResult {
  course: string;
  /** What was agreed to. */
  preview: ClassPreview;
  /** Undefined when nothing was done. */
  students?: StudentOutcome[];
  /** Former students whose stacks were destroyed. */
  pruned?: string[];
  /** Those whose stacks could not be destroyed, and why. */
  notPruned?: DestroyOutcome[];
}

/** The class as the course says it: checked, previewed, agreed to, made. Run again, it makes only what is missing. */
export async function upCourse(options: UpOptions): Promise<UpResult> {
  const loaded = loadCourse(options.course);
  const former = options.prune === true ? formerStudents(loaded, await readCourseState(loaded)) : [];
  const everybody: Selectable[] = [...loaded.students, ...former.map((id) => ({ id }))];
  const who = chosenOf(everybody, options).map(({ id }) => id);
  // Shards together make the class: all of them have to fit.
  const named = options.students === undefined ? undefined : chosenOf(everybody, { students: options.students });
  const chosen = loaded.students.filter(({ id }) => who.includes(id));
  for (const warning of loaded.warnings) console.error(`warning: ${warning}`);
  const isDry = options.dryRun === true;
  if (!isDry) await ensureLocalCloud(loaded);
  const memory = new SettledStacks(loaded);
  const settled = options.refresh === true ? undefined : await settledClass(loaded, chosen, memory);
  const prunedOf = ({ left }: ClassPreview) => left.filter((id) => former.includes(id) && who.includes(id));
  if (settled !== undefined && prunedOf(settled.preview).length === 0) {
    console.error(previewText(settled.preview, { bold }));
    const { preview, students } = settled;
    const found = { course: loaded.course.course, preview };
    return isDry ? found : { ...found, students, pruned: [], notPruned: [] };
  }
  // Shards work side by side by intention; each stack has its own lock still.
  const locked = options.shard === undefined && !isDry;
  return openClass(loaded, { parallel: options.parallel, locked, readOnly: isDry }, async (open) => {
    const students = chosen.filter(({ id }) => unreadableReason(open, id) === undefined);
    if (options.plan !== undefined)
      refuseOutsidePlan(options.plan, loaded.course.course, await stacksToPlan(open, students));
    const isNew = students.some(({ id }) => !open.states.has(studentStackName(loaded.course.course, id)));
    if (isNew) await refuseWhatDoesNotFit(open, named);
    const toPutRight = isDry ? await stacksToPutRight(open, students) : [];
    const neverCameUp = isDry ? new Set<string>() : await putStateRight(open, students);
    const unasked = options.refresh === true ? new Set<string>() : await memory.among(open, students);
    const { preview, planned } = await previewClass(open, chosen, { settled: unasked, toPutRight });
    console.error(previewText(preview, { bold }));
    if (!isNew && changesAnything(preview)) await refuseHindrances(open);
    const result = { course: loaded.course.course, preview };
    const pruned = prunedOf(preview);
    if (pruned.length > 0) console.error(`to be destroyed for good: ${pruned.join(", ")}`);
    if (isDry || open.pool.interrupted) return result;
    await agree(preview, pruned, options);
    await deleteAgreed(open, neverCameUp);
    const asked = (stack: string) => !unasked.has(stack);
    if (changesAnything(preview) && asked(classStackName(loaded.course.course)))
      await applyClass(open, planned, options);
    const isFailed = ({ id }: CourseStudent) => preview.failed.some(({ student }) => student === id);
    const begun = students.filter((student) => !isFailed(student));
    const unchanged = begun
      .map(({ id }) => id)
      .filter((id) => !asked(studentStackName(loaded.course.course, id)) || isComplete(open, planned, id));
    const outcomes = await applyStudents(open, begun, {
      ...{ planned, unchanged },
      planFolder: options.plan === undefined ? undefined : resolve(options.plan),
    });
    const done = begun.filter(({ id }) => outcomes.some(({ student, ok }) => ok && student === id));
    await keepSettled(open, memory, done, unchanged);
    const ends = pruned.length === 0 ? [] : await destroyStudents(open, pruned);
    return {
      ...{ ...result, students: [...outcomes, ...notBegun(chosen, preview)] },
      pruned: ends.flatMap(({ student, ok }) => (ok ? [student] : [])),
      notPruned: ends.filter(({ ok }) => !ok),
    };
  });
}

/**
 * Before anybody is asked, only the state is made to say what is in the cloud, which the preview needs.
 *
 * @returns instances that never came up, to be deleted once that is agreed to
 */
async function putStateRight(open: OpenClass, students: readonly CourseStudent[]): Promise<Set<string>> {
  const neverCameUp = new Set<string>();
  await recoverLostStacks(open, await lostStacks(open, students), neverCameUp);
  await putRightInterrupted(open, students, neverCameUp);
  return neverCameUp;
}

/** One that cannot be deleted fails the update of its student alone, which looks for it again. */
async function deleteAgreed({ cloud, pool }: OpenClass, instances: ReadonlySet<string>): Promise<void> {
  try {
    await deleteWhatNeverCameUp(cloud.session, [...instances], { isOver: () => pool.interrupted });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(`warning: ${error.message}`);
  }
}

async function agree({ losses, failed }: ClassPreview, pruned: readonly string[], options: UpOptions): Promise<void> {
  if (losses.length > 0 && options.allowDataLoss !== true)
    throw new UserError(
      `nothing was done, because this would be lost for good:\n${losses.map(({ name, text }) => `  - ${name}: ${text}`).join("\n")}\n` +
        "Agree to it with --allow-data-loss, or leave these students out with --students",
    );
  if (failed.some(({ student }) => student === CLASS_STACK))
    throw new UserError("nothing was done, because the class stack cannot be previewed; see above");
  if (pruned.length > 0) await agreedByName("Do this, and destroy them?", pruned, options.yes);
  else await agreed("Do this?", options.yes);
}

/** An update that was killed may have made everything, but neither waited for it nor said where it is. */
function isComplete({ loaded, states }: OpenClass, planned: PreviewedClass["planned"], student: string): boolean {
  const stack = studentStackName(loaded.course.course, student);
  const steps = planned.get(stack);
  return steps !== undefined && changesNothing(steps) && states.get(stack)?.outputs["student"] !== undefined;
}

/** Nobody is held up by a student of whom it cannot even be said what would be done. */
function notBegun(students: readonly CourseStudent[], { failed }: ClassPreview): StudentOutcome[] {
  return students.flatMap(({ id, name }) => {
    const found = failed.find(({ student }) => student === id);
    return found === undefined
      ? []
      : [{ student: id, name, ok: false, changed: false, errors: found.errors, instances: {}, seconds: 0 }];
  });
}

async function applyClass(
  open: OpenClass,
  steps: PreviewedClass["planned"],
  { plan, shard }: UpOptions,
): Promise<void> {
  const operation = { ...classOperation(open), action: "up", refresh: open.states.size > 0 } as const;
  const planned =
    plan === undefined || operation.isNew === true ? {} : { plan: resolve(plan, `${operation.stack}.json`) };
  const [result] = await workOnStacks(open.pool, open.settings, [
    {
      ...{ title: "class stack", operation: { ...operation, ...planned } },
      ...(operation.isNew === true
        ? {}
        : { prepare: (report) => putRight(open, operation, steps.get(operation.stack) ?? [], report) }),
      beforeRetry: (failed, report) =>
        putRight(open, { ...operation, refresh: operation.refresh && !failed.begun }, failed.steps, report),
      // Every part of the class needs it, and none knows of the others.
      waitsForOthers: shard !== undefined,
    },
  ]);
  if (result?.outcome === "interrupted") throw new Interrupted("the class stack was done, so nobody's was begun");
  if (result !== undefined && result.outcome !== "done")
    throw new UserError(`the class stack failed, so nobody's was begun:\n${errorsOf(result).join("\n")}`, 1);
}

function isIncomplete({ preview, students = [], notPruned = [] }: UpResult): boolean {
  return preview.failed.length > 0 || notPruned.length > 0 || students.some(({ ok }) => !ok);
}

export function registerUp(program: Command): void {
  withJson(
    withClassOptions(program.command("up").description("make the class as the course says, or what is missing of it")),
  )
    .option("--yes", "do not ask", false)
    .option("--allow-data-loss", "also rebuild and delete what has data on it", false)
    .option(
      "--prune",
      "destroy the stacks of students who are no longer in the roster, once their ids are typed",
      false,
    )
    .addOption(
      new Option("--plan <folder>", "do what `preview --save-plan` kept, or refuse where it holds no more").conflicts(
        "prune",
      ),
    )
    .option("--refresh", "ask Pulumi also about students for whom nothing has changed since it was asked last", false)
    .option("--dry-run", "only say what would be done", false)
    .addHelpText(
      "after",
      `
A saved plan holds for the course, lab, roster and program that it was made of, and for everybody in it. Pulumi itself plans stacks that are there
and refuses what the cloud makes of them since; a stack that was new is made whole. What fails half-way is not tried again under the plan.`,
    )
    .addHelpText("after", "\nExit codes: 0 done, 1 some students failed, 2 bad input or refused, 130 interrupted.")
    .action(async (options: UpOptions & { json: boolean }) => {
      const result = await upCourse(options);
      if (options.json || result.students !== undefined)
        printResult(result, options.json, ({ students = [] }) => studentsTable(students));
      if (isIncomplete(result)) process.exitCode ??= 1;
    });
}
