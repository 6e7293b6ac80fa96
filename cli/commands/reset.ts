import type { Command } from "commander";
import { stackDetails } from "../../course/changeWords.ts";
import type { Effect } from "../../course/effect.ts";
import { studentStackName } from "../../course/stackNames.ts";
import { classifySteps } from "../../course/studentChange.ts";
import type { OperationResult } from "../../engine/operation.ts";
import { readStacks, type StackState } from "../../engine/stackStates.ts";
import { type CourseStudent, loadCourse } from "../../stacks/courseFolder.ts";
import { UserError } from "../../terminal/userError.ts";
import { applyStudents } from "../class-work/applyStudents.ts";
import { agreed } from "../command-line/agreed.ts";
import { printResult } from "../command-line/printResult.ts";
import { withCourse, withJson } from "../command-line/sharedOptions.ts";
import { Interrupted } from "../command-line/stopOnInterrupt.ts";
import { bold } from "../command-line/table.ts";
import { notUpYet, unknownStudent } from "../instances/readInstances.ts";
import { namedInstances, type StudentInstance, studentInstances } from "../instances/studentInstances.ts";
import { type OpenClass, openClass, studentOperation } from "../open-class/openClass.ts";
import { errorsOf, titleOf } from "../open-class/previewClass.ts";
import { workOnStacks } from "../open-class/stackWork.ts";
import { stillToReplace } from "../recovery/stillToReplace.ts";
import { beyondReset, changedByReset } from "./resetCheck.ts";

export interface ResetOptions {
  course?: string | undefined;
  student: string;
  /** @default all of the student */
  instance?: string | undefined;
  /** Without a question. @default false */
  yes?: boolean | undefined;
  /** Only says what would be done. @default false */
  dryRun?: boolean | undefined;
}

/** What `classroom reset --json` prints. */
export interface ResetResult {
  student: string;
  name: string;
  /** What is done, or would be: what is lost with it is marked. */
  effects: Effect[];
  /** Whether the instances are fresh, and everything else is as it was. False for a dry run. */
  done: boolean;
  /** Why it is not; empty for a dry run. */
  errors: string[];
  /** As they are afterwards. */
  instances: (StudentInstance & { formerInstanceId: string })[];
}

/** Gives a student fresh servers at the same addresses, ports, keys and URLs. Nothing else is touched, and nobody else. */
export async function resetStudent(options: ResetOptions): Promise<ResetResult> {
  const loaded = loadCourse(options.course);
  const student = loaded.students.find(({ id }) => id === options.student);
  if (student === undefined)
    throw unknownStudent(
      options.student,
      loaded.students.map(({ id }) => id),
    );
  return openClass(loaded, { parallel: 1, readOnly: options.dryRun }, async (opened) => {
    const open = options.instance === undefined ? withRostersName(opened, student.id) : opened;
    const before = open.states.get(studentStackName(loaded.course.course, student.id));
    if (before === undefined) throw notUpYet(student.id);
    const chosen = namedInstances(student.id, instancesOf(open, student, before), options.instance);
    const urns = chosen.map(({ urn }) => urn);
    const replace = await stillToReplace(open, before.stack, urns);
    const { effects, steps } = await previewReset(open, student, urns, replace);
    const result = { student: student.id, name: student.name, effects, done: false, errors: [], instances: [] };
    if (options.dryRun === true || open.pool.interrupted) return result;
    console.error(resetPreviewText(result));
    await agreed(`Reset ${titleOf(student)}?`, options.yes);
    const planned = new Map([[before.stack, steps]]);
    const [outcome] = await applyStudents(open, [student], { planned, replace });
    const after = (await readStacks(open.settings, (stack) => stack === before.stack)).get(before.stack) ?? before;
    const errors = [...(outcome?.errors ?? []), ...changedByReset(before, after, urns)];
    return {
      ...{ ...result, done: errors.length === 0, errors },
      instances: instancesOf(open, student, after).flatMap((each) => {
        const former = chosen.find(({ urn }) => urn === each.urn);
        return former === undefined ? [] : [{ ...each, formerInstanceId: former.instanceId }];
      }),
    };
  });
}

/** All servers of the student are built anew, so their pages can have the name that the roster has now. */
function withRostersName(open: OpenClass, id: string): OpenClass {
  const students = open.loaded.students.map((each) => (each.id === id ? { ...each, pageName: each.name } : each));
  return { ...open, loaded: { ...open.loaded, students } };
}

const instancesOf = ({ loaded }: OpenClass, { id }: CourseStudent, state: StackState): StudentInstance[] =>
  studentInstances(id, `${loaded.course.course}-${id}`, state);

/**
 * @param urns of the instances that are to be fresh
 * @param replace those of them that are there
 * @throws {UserError} when the update would touch anything else: that is for `up`, which shows it
 */
async function previewReset(
  open: OpenClass,
  student: CourseStudent,
  urns: readonly string[],
  replace: readonly string[],
): Promise<{ effects: Effect[]; steps: OperationResult["steps"] }> {
  const operation = { ...(await studentOperation(open, student)), action: "preview", refresh: true, replace } as const;
  const [result] = await workOnStacks(open.pool, open.settings, [{ title: `${titleOf(student)}: preview`, operation }]);
  if (result?.outcome === "interrupted") throw new Interrupted("it was known what would change");
  if (result?.outcome !== "done")
    throw new UserError(
      `nothing was done, because it cannot be previewed:\n${result === undefined ? "" : errorsOf(result).join("\n")}`,
    );
  const { effects } = classifySteps(result.steps, { of: "student" });
  const others = beyondReset(effects, urns);
  if (others.length > 0)
    throw new UserError(
      `nothing was done, because the course has other changes for ${student.id}:\n` +
        `${others.map(({ text }) => `  - ${text}`).join("\n")}\n` +
        `Make them first with: classroom up --students ${student.id}`,
    );
  return { effects, steps: result.steps };
}

/** What is lost by it, and what stays. */
export function resetPreviewText({ student, name, effects }: ResetResult): string {
  return [
    ...stackDetails(titleOf({ id: student, name }), { kind: "rebuilt", effects, losesData: true }, { bold }),
    "Ports, addresses, key pair, URL and volumes of the lab stay.",
  ].join("\n");
}

export function resetText(result: ResetResult): string {
  const { student, done, errors, instances } = result;
  if (!done && errors.length === 0) return resetPreviewText(result);
  const fresh = instances.filter(({ instanceId, formerInstanceId }) => instanceId !== formerInstanceId);
  return [
    ...fresh.map(
      ({ name, floatingIp, fixedIp = "", url }) =>
        `${name} of ${student} is a fresh server at ${floatingIp ?? fixedIp}${url === undefined ? "" : `, ${url}`}`,
    ),
    ...(done ? ["Its addresses and everything else are as they were."] : [`${student}: not as it should be:`]),
    ...errors.map((error) => `  - ${error}`),
  ].join("\n");
}

export function registerReset(program: Command): void {
  withJson(
    withCourse(
      program.command("reset").description("give a student a fresh server at the same address; its disk is lost"),
    ),
  )
    .argument("<student>", "id")
    .option("--instance <name>", "only this one, where the student has several")
    .option("--yes", "do not ask", false)
    .option("--dry-run", "only say what would be done", false)
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 failed or something else changed, 2 bad input or refused, 130 interrupted.",
    )
    .action(async (student: string, options: ResetOptions & { json: boolean }) => {
      const result = await resetStudent({ ...options, student });
      printResult(result, options.json, resetText);
      if (result.errors.length > 0) process.exitCode ??= 1;
    });
}
