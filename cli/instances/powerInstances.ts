import pLimit from "p-limit";
import { foresee, type PowerOptions, type Rest, resume, suspend, WHAT_IT_FREES } from "../../openstack/power.ts";
import type { Session } from "../../openstack/session.ts";
import { loadCourse } from "../../stacks/courseFolder.ts";
import { runTasks, type Task } from "../../terminal/tasks.ts";
import { UserError } from "../../terminal/userError.ts";
import { printResult } from "../command-line/printResult.ts";
import { chosenStudents, type CourseOptions } from "../command-line/sharedOptions.ts";
import { INTERRUPTED, stopOnInterrupt } from "../command-line/stopOnInterrupt.ts";
import { columns, counted } from "../command-line/table.ts";
import { openSession } from "../course-access/openSession.ts";
import { readInstances } from "./readInstances.ts";
import type { StudentInstance } from "./studentInstances.ts";

export interface PowerCommandOptions extends CourseOptions {
  /** @default logged in at the course's cloud */
  session?: Session;
  /** How long it may take, and how often is looked. */
  power?: PowerOptions;
  /** Only says what would be done. @default false */
  dryRun?: boolean;
}

/** What becomes of one instance. */
export interface PowerOutcome {
  student: string;
  instance: string;
  instanceId: string;
  ok: boolean;
  /** As Nova calls it now; empty when that is not known. */
  status: string;
  /** Whether anything had to be done, or would have. */
  changed: boolean;
  /** Why it failed; empty when it did not. */
  error: string;
}

/** What `classroom suspend --json` and `classroom resume --json` print. */
export interface PowerOfClass {
  course: string;
  how: Rest | "resume";
  /** Whether nothing was done, and the instances are as they were. */
  dryRun: boolean;
  /** What it frees, in words; absent for `resume`. */
  frees?: string;
  instances: PowerOutcome[];
  /** Students who have no stack yet. */
  notUp: string[];
}

/** Puts all instances of the students to rest, or starts them again, some at a time; one that fails never stops another. */
export async function powerClass(how: Rest | "resume", options: PowerCommandOptions): Promise<PowerOfClass> {
  const loaded = loadCourse(options.course);
  const ids = chosenStudents(loaded, options).map(({ id }) => id);
  const found = await readInstances(loaded, ids);
  const session = options.session ?? (await openSession(loaded));
  const instances = await powerInstances(session, [...found.values()].flat(), how, options);
  return {
    ...{ course: loaded.course.course, how, dryRun: options.dryRun === true, instances },
    ...(how === "resume" ? {} : { frees: WHAT_IT_FREES[how] }),
    notUp: ids.filter((id) => !found.has(id)),
  };
}

async function powerInstances(
  session: Session,
  instances: readonly StudentInstance[],
  how: Rest | "resume",
  { parallel = 1, power, dryRun = false }: PowerCommandOptions,
): Promise<PowerOutcome[]> {
  const limit = pLimit(parallel);
  let stopped = false;
  const control = {
    interrupt: () => {
      stopped = true;
    },
    kill: () => process.exit(INTERRUPTED),
  };
  const one = async ({ student, name, instanceId }: StudentInstance): Promise<PowerOutcome> => {
    const whose = { student, instance: name, instanceId };
    if (stopped) return { ...whose, ok: false, status: "", changed: false, error: "interrupted before it was begun" };
    try {
      if (dryRun) return { ...whose, ok: true, ...(await foresee(session, instanceId, how)), error: "" };
      const act = how === "resume" ? resume(session, instanceId, power) : suspend(session, instanceId, how, power);
      return { ...whose, ok: true, ...(await act), error: "" };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { ...whose, ok: false, status: "", changed: true, error: error.message };
    }
  };
  const tasks = instances.map((instance): Task<PowerOutcome> => ({
    title: `${instance.student} ${instance.name}`,
    run: () =>
      limit(async () => {
        const value = await one(instance);
        const note = value.changed ? value.status : `${value.status} already`;
        return value.ok ? { value, note } : { value, failed: value.error };
      }),
  }));
  return stopOnInterrupt(control, () => runTasks(tasks));
}

export function powerText({ how, dryRun, frees, instances, notUp }: PowerOfClass): string {
  if (dryRun) return foreseenText(how, instances, notUp);
  const failed = instances.filter(({ ok }) => !ok);
  const done = { stop: "stopped", shelve: "shelved", resume: "running; their systems may still be booting" }[how];
  return [
    columns(
      ["student", "instance", "state", ""],
      instances.map(({ student, instance, ok, status, changed, error }) => [
        ...[student, instance, status],
        ok ? (changed ? "" : "was so already") : error,
      ]),
    ),
    "",
    `${counted(instances.length - failed.length, "instance")} ${done}${failed.length === 0 ? "." : `, ${failed.length} failed; run the same command again to go on with those.`}`,
    ...(frees === undefined
      ? []
      : [
          `Freed by it: ${frees}.`,
          "They stay at rest, also when classroom up changes something else, until classroom resume starts them again.",
        ]),
    ...(notUp.length === 0 ? [] : [`Not up yet: ${notUp.join(", ")}.`]),
  ].join("\n");
}

function foreseenText(how: PowerOfClass["how"], instances: readonly PowerOutcome[], notUp: readonly string[]): string {
  const would = { stop: "would be stopped", shelve: "would be shelved", resume: "would be started" }[how];
  return [
    columns(
      ["student", "instance", "state", ""],
      instances.map(({ student, instance, ok, status, changed, error }) => [
        ...[student, instance, status],
        ok ? (changed ? would : "stays as it is") : error,
      ]),
    ),
    "",
    ...(notUp.length === 0 ? [] : [`Not up yet: ${notUp.join(", ")}.`]),
    "Nothing was changed.",
  ].join("\n");
}

/** Prints it and sets the exit code. */
export function showPower(result: PowerOfClass, json: boolean): void {
  printResult(result, json, powerText);
  if (result.instances.some(({ ok }) => !ok)) process.exitCode ??= 1;
}
