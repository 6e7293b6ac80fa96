import type { Command } from "commander";
import { classStackName, lockStackName } from "../../course/stackNames.ts";
import { removeLockStack } from "../../engine/operationLock.ts";
import { describeObject } from "../../openstack/cloudObject.ts";
import { readInventory } from "../../openstack/inventory.ts";
import { withChoices } from "../../stacks/courseCloud.ts";
import { loadCourse } from "../../stacks/courseFolder.ts";
import { expectedObjects } from "../../stacks/expectedObjects.ts";
import { UserError } from "../../terminal/userError.ts";
import { type DestroyOutcome, destroyStudents } from "../class-work/destroyStudents.ts";
import { agreed } from "../command-line/agreed.ts";
import { printResult } from "../command-line/printResult.ts";
import { type CourseOptions, withClassOptions, withJson } from "../command-line/sharedOptions.ts";
import { Interrupted } from "../command-line/stopOnInterrupt.ts";
import { counted } from "../command-line/table.ts";
import { type OpenClass, openClass } from "../open-class/openClass.ts";
import { CLASS_STACK, errorsOf } from "../open-class/previewClass.ts";
import { workOnStacks } from "../open-class/stackWork.ts";
import { putRight } from "../recovery/putRight.ts";
import { type Lost, recoverLostStacks } from "../recovery/recoverLostStacks.ts";
import { planDestroy, planText, unreadableStudents, whoGoes } from "./destroyPlan.ts";

export interface DestroyOptions extends CourseOptions {
  /** Without a question. @default false */
  yes?: boolean;
  /** Also what students made by hand. @default false */
  purge?: boolean;
  /** Only says what would be destroyed. @default false */
  dryRun?: boolean;
}

/** What `classroom destroy --json` prints. */
export interface DestroyResult {
  course: string;
  students: DestroyOutcome[];
  /** Whether the class stack is gone, too; never as long as a student's is there. */
  classStack: boolean;
  /** Why it could not be destroyed; empty when it was not tried. */
  classErrors: string[];
  /** What is in the cloud still, as far as these credentials see. */
  left: string[];
  /** What could not be looked at. */
  notSeen: string[];
}

/** Destroys students' stacks and then, when none is left, the class's. */
export async function destroyCourse(options: DestroyOptions): Promise<DestroyResult> {
  const loaded = loadCourse(options.course);
  const { course } = loaded.course;
  const locked = options.shard === undefined;
  const { settings, result } = await openClass(
    loaded,
    { parallel: options.parallel, locked, onlyDestroys: true },
    async (open) => {
      const { all, students: ids, lost } = await whoGoes(open, options);
      await agree(course, ids, all, options);
      const notRecovered = await recover(open, lost);
      const failed = [...notRecovered, ...unreadableStudents(open, options)];
      const students = [...(await destroyStudents(open, ids, options)), ...failed];
      const isGone = [...open.states.keys()].every((stack) => stack === classStackName(course));
      const everybodyGone = isGone && open.unreadable.size === 0 && notRecovered.length === 0;
      const isTried = all && everybodyGone && !open.pool.interrupted;
      const classErrors = isTried ? await destroyClass(open) : [];
      const classStack = isTried && classErrors.length === 0;
      const left = classStack ? await whatIsLeft(open) : { left: [], notSeen: [] };
      return { settings: open.settings, result: { course, students, classStack, classErrors, ...left } };
    },
  );
  // When it is our lock no longer.
  if (result.classStack && locked) await removeLockStack(settings, lockStackName(course));
  return result;
}

async function agree(course: string, ids: readonly string[], all: boolean, { yes }: DestroyOptions): Promise<void> {
  const what = `${ids.length === 0 ? "nobody" : ids.join(", ")}${all ? `, and what the class ${course} shares` : ""}`;
  console.error(`to be destroyed for good: ${what}`);
  await agreed("Destroy this?", yes);
}

/**
 * What nobody remembers is taken into a state, so that it can be destroyed like everything else.
 *
 * @returns those with whom that failed
 */
async function recover(open: OpenClass, lost: Lost): Promise<DestroyOutcome[]> {
  if (lost.students.length === 0 && !lost.ofClass) return [];
  try {
    await recoverLostStacks({ ...open, cloud: await withChoices(open.cloud) }, lost);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const reason = `the state is lost, and what is in the cloud cannot be taken over: ${error.message}`;
    const who = lost.students.length === 0 ? [CLASS_STACK] : lost.students.map(({ id }) => id);
    return who.map((student) => ({ student, ok: false, errors: [reason] }));
  }
}

/** @returns why it is still there; empty when it is gone */
async function destroyClass(open: OpenClass): Promise<string[]> {
  const { pool, settings, loaded, states } = open;
  const operation = { stack: classStackName(loaded.course.course), action: "destroy", remove: true } as const;
  const { stack } = operation;
  const state = states.get(stack);
  if (state === undefined) return [];
  // What a killed update had begun is found and goes, too.
  const prepare = async (report: (line: string) => void) => {
    if (state.pending.length > 0) await putRight(open, operation, [], report);
    return {};
  };
  const [result] = await workOnStacks(pool, settings, [{ title: "class stack", operation, prepare }]);
  if (result?.outcome === "interrupted") return [new Interrupted("the class stack was gone").message];
  return result === undefined || result.outcome === "done" ? [] : errorsOf(result);
}

async function whatIsLeft({ cloud, loaded }: OpenClass): Promise<Pick<DestroyResult, "left" | "notSeen">> {
  const { all, gaps } = await readInventory(cloud.session, {
    course: loaded.course.course,
    students: loaded.students.map(({ id }) => id),
    expected: expectedObjects(loaded),
  });
  return {
    left: all.filter(({ because }) => because !== "name").map(describeObject),
    notSeen: gaps.map(({ service, what }) => `${service}: ${what}`),
  };
}

export function registerDestroy(program: Command): void {
  withJson(
    withClassOptions(
      program.command("destroy").description("destroy students' stacks, then the class's; leaves nothing in the cloud"),
    ),
  )
    .option("--yes", "do not ask", false)
    .option("--purge", "also what students made by hand in their projects", false)
    .option("--dry-run", "only say what would be destroyed", false)
    .addHelpText(
      "after",
      "\nThe seed of the passwords, generated keys and the roster stay: the same class can be made again.",
    )
    .action(async (options: DestroyOptions & { json: boolean }) => {
      if (options.dryRun === true) {
        const plan = await planDestroy(options);
        printResult(plan, options.json, planText);
        return;
      }
      const result = await destroyCourse(options);
      printResult(result, options.json, destroyText);
      if (result.students.some(({ ok }) => !ok) || result.classErrors.length > 0 || result.left.length > 0)
        process.exitCode ??= 1;
    });
}

export function destroyText({ course, students, classStack, classErrors, left, notSeen }: DestroyResult): string {
  const failed = students.filter(({ ok }) => !ok);
  return [
    `${counted(students.length - failed.length, "student stack")} destroyed${classStack ? `, and the class stack of ${course}` : ""}.`,
    ...failed.flatMap(({ student, errors }) => [`${student}:`, ...errors.map((each) => `  ${each}`)]),
    ...(classErrors.length === 0 ? [] : ["The class stack is still there:", ...classErrors.map((each) => `  ${each}`)]),
    ...(left.length === 0
      ? classStack
        ? ["Nothing of the course is left in the cloud."]
        : []
      : ["Still in the cloud:", ...left.map((each) => `  ${each}`)]),
    ...notSeen.map((each) => `Could not be looked at: ${each}`),
  ].join("\n");
}
