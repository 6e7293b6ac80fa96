import { resolve } from "node:path";
import type { Command } from "commander";
import { classStackName, studentStackName } from "../../course/stackNames.ts";
import { type CourseStudent, loadCourse } from "../../stacks/courseFolder.ts";
import { keepPlan, makePlanFiles, stacksToPlan } from "../class-work/savedPlan.ts";
import { settledClass } from "../class-work/settledClass.ts";
import { SettledStacks } from "../class-work/settledStacks.ts";
import { printResult } from "../command-line/printResult.ts";
import { chosenStudents, type CourseOptions, withClassOptions, withJson } from "../command-line/sharedOptions.ts";
import { bold } from "../command-line/table.ts";
import { type OpenClass, openClass } from "../open-class/openClass.ts";
import { CLASS_STACK, type ClassPreview, previewClass, previewText } from "../open-class/previewClass.ts";
import { stacksToPutRight } from "../recovery/stacksToPutRight.ts";

export interface PreviewCommandOptions extends CourseOptions {
  /** Folder for the plan that `up --plan` is held to. @default none is kept */
  savePlan?: string | undefined;
  /** Looks at every stack with Pulumi, also at those that are known to be as they should. @default false */
  refresh?: boolean;
}

/** What an update would do to each student; changes nothing. */
export async function previewCourse(options: PreviewCommandOptions): Promise<ClassPreview> {
  const loaded = loadCourse(options.course);
  const students = chosenStudents(loaded, options);
  const planFolder = options.savePlan === undefined ? undefined : resolve(options.savePlan);
  const memory = new SettledStacks(loaded);
  // A plan is the engine's own.
  const isAsked = options.refresh === true || planFolder !== undefined;
  const settled = isAsked ? undefined : await settledClass(loaded, students, memory);
  if (settled !== undefined) return settled.preview;
  return openClass(loaded, { parallel: options.parallel, readOnly: true }, async (open) => {
    if (planFolder !== undefined) return previewAndKeep(open, students, planFolder);
    const unasked = isAsked ? new Set<string>() : await memory.among(open, students);
    const toPutRight = await stacksToPutRight(open, students);
    return (await previewClass(open, students, { settled: unasked, toPutRight })).preview;
  });
}

async function previewAndKeep(open: OpenClass, students: readonly CourseStudent[], planFolder: string) {
  const { course } = open.loaded.course;
  const stacks = await stacksToPlan(open, students);
  makePlanFiles(planFolder, stacks);
  const toPutRight = await stacksToPutRight(open, students);
  const { preview } = await previewClass(open, students, { planFolder, toPutRight });
  const failed = preview.failed.map(({ student }) =>
    student === CLASS_STACK ? classStackName(course) : studentStackName(course, student),
  );
  keepPlan(planFolder, course, stacks, new Set(failed));
  return preview;
}

export function registerPreview(program: Command): void {
  withJson(
    withClassOptions(
      program.command("preview").description("what an update would do to each student, and what would be lost"),
    ),
  )
    .option("--save-plan <folder>", "keep what is previewed: `up --plan <folder>` then does this or refuses")
    .option("--refresh", "ask Pulumi also about students for whom nothing has changed since it was asked last", false)
    .addHelpText("after", "\nChanges nothing. Looks at the cloud too: what was changed by hand is told.")
    .action(async (options: PreviewCommandOptions & { json: boolean }) => {
      const preview = await previewCourse(options);
      printResult(preview, options.json, () => previewText(preview, { bold }));
      if (preview.failed.length > 0) process.exitCode ??= 1;
    });
}
