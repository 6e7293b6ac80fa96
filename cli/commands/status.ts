import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { type Drift, driftOf } from "../../course/drift.ts";
import { classStackName, studentStackName } from "../../course/stackNames.ts";
import { type InstanceHealth, isWell, statusTotals } from "../../course/statusTotals.ts";
import { type InstanceStatus, type StudentStatus, studentStatus } from "../../course/studentStatus.ts";
import { planStudent } from "../../lab/studentPlan.ts";
import type { CloudSettings } from "../../openstack/cloudSettings.ts";
import { describeObject } from "../../openstack/cloudObject.ts";
import { loadCourse, type LoadedCourse } from "../../stacks/courseFolder.ts";
import { readinessOf } from "../../stacks/readinessOf.ts";
import { UserError } from "../../terminal/userError.ts";
import { printResult } from "../command-line/printResult.ts";
import { chosenStudents, type CourseOptions, withJson, withStudents } from "../command-line/sharedOptions.ts";
import { wholeNumber } from "../command-line/wholeNumber.ts";
import { openSession } from "../course-access/openSession.ts";
import { type CourseState, formerStudents, readCourseCloud, readCourseState } from "../course-access/readCourse.ts";
import { probeAll } from "../instances/probe.ts";
import { statusText } from "./statusText.ts";

export interface StatusOptions extends Pick<CourseOptions, "course" | "students"> {
  /** Whether pages and SSH servers are asked. @default true */
  probe?: boolean;
  /** @default the course's `cloud`, else OS_CLOUD, else the OS_* variables */
  settings?: CloudSettings;
}

/** What `classroom status --json` prints; with `--watch` one such object a line. */
export interface CourseStatus {
  course: string;
  /** ISO 8601. */
  at: string;
  /** Whether every student of the roster has what the lab gives, as the state has it, and answering where the course waits for that. */
  ok: boolean;
  /** In the order of the roster; then those who have left it. */
  students: StudentStatus[];
  /** How many instances are how; what there is none of is left out. */
  totals: Partial<Record<InstanceHealth, number>>;
  /** What somebody has deleted or changed of what the class shares; only when everybody is asked about. */
  classDrift: Drift[];
  /** Who is working on the course at this moment, where the place for state tells it. */
  workers: string[];
  /** What could not be looked at. */
  notSeen: string[];
}

/**
 * How it stands for every student. Only reads and takes no lock, so it may be asked while others work.
 *
 * @throws {UserError} when the course, the list of its stacks or the cloud cannot be read
 */
export async function statusCourse({ settings, probe = true, ...options }: StatusOptions): Promise<CourseStatus> {
  const loaded = loadCourse(options.course);
  const chosen = chosenStudents(loaded, options);
  const everybody = options.students === undefined;
  const { course, waitUntilReady } = loaded.course;
  const state = await readCourseState(loaded);
  const session = await openSession(loaded, settings);
  const cloud = await readCourseCloud(session, loaded, state, {
    only: everybody ? undefined : chosen.map(({ id }) => id),
  });
  const former = everybody ? formerStudents(loaded, state) : [];
  const expected = Object.keys(loaded.lab.student.instances);
  const students = [
    ...chosen.map((student) => ({ student, enrolled: true, expected })),
    ...former.map((id) => ({ student: { id, name: id }, enrolled: false, expected: [] })),
  ].map((each) => {
    const stack = studentStackName(course, each.student.id);
    return studentStatus({
      ...{ ...each, stack: state.states.get(stack), cloud, describe: describeObject },
      // The reason is long; doctor tells it, with the copy that can be put in its place.
      unreadable: state.unreadable.some((other) => other.stack === stack) ? "its state cannot be read" : undefined,
      worker: workersOn(state, stack)[0],
    });
  });
  if (probe) await askPages(loaded, students);
  const classStack = state.states.get(classStackName(course));
  return {
    ...{ course, at: new Date().toISOString(), students, totals: statusTotals(students) },
    ok: students.every((student) => isWell(student, waitUntilReady)),
    classDrift:
      classStack === undefined || !everybody || workersOn(state, classStack.stack).length > 0
        ? []
        : driftOf(classStack, undefined, cloud, describeObject),
    workers: [...new Set((state.locks ?? []).flatMap(({ stack }) => workersOn(state, stack)))],
    notSeen: cloud.gaps.map(({ service, what }) => `${service}: ${what}`),
  };
}

/** Who holds a stack, as far as it can be told; the dead do no work. */
function workersOn({ locks = [] }: CourseState, stack: string): string[] {
  return locks.flatMap(({ stack: of, holder, lock }) =>
    of === stack && holder !== "dead" && lock !== undefined
      ? [`${lock.owner} on ${lock.host} (process ${lock.pid})`]
      : [],
  );
}

/** Asks those that run and can be reached: by a floating IP, and through their security groups and firewalls. */
async function askPages(loaded: LoadedCourse, students: readonly StudentStatus[]): Promise<void> {
  const asked = students.flatMap(({ student, instances }) =>
    instances.filter((each) => each.state === "ACTIVE" && each.floating && isOpen(loaded, student, each)),
  );
  const targets = asked.map(({ address = "", url }) => ({ address, url }));
  const answers = await probeAll(targets, { reachCommand: loaded.course.reachCommand });
  for (const [index, instance] of asked.entries()) instance.answer = answers[index] ?? "no answer";
}

function isOpen({ lab, course, students }: LoadedCourse, id: string, { instance, url }: InstanceStatus): boolean {
  const entry = lab.student.instances[instance];
  const student = students.find((each) => each.id === id);
  if (entry === undefined || student === undefined) return false;
  const plan = planStudent(lab, course.course, student, "class");
  return readinessOf({ ...entry, port: url === undefined ? 22 : 80 }, lab, plan, {}).readiness !== undefined;
}

/** Seconds between two looks of `--watch`. */
const WATCH_SECONDS = 15;
/** Puts the cursor into the upper left corner of an empty screen: https://vt100.net/docs/vt510-rm/ED.html */
const CLEAR = "\u001b[2J\u001b[H";

async function watchStatus(options: StatusOptions, seconds: number, show: (status: CourseStatus) => void) {
  const end = new AbortController();
  const stop = () => {
    end.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    while (!end.signal.aborted) {
      try {
        const status = await statusCourse(options);
        if (!isAborted(end.signal)) show(status);
      } catch (error) {
        // What is wrong for a moment should not end the watch.
        if (!(error instanceof UserError)) throw error;
        console.error(`${new Date().toLocaleTimeString()}: ${error.message}`);
      }
      await sleep(seconds * 1000, undefined, { signal: end.signal }).catch(() => undefined);
    }
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

/** Asked anew: a signal may come at any await. */
const isAborted = (signal: AbortSignal) => signal.aborted;

export function registerStatus(program: Command): void {
  withJson(
    withStudents(
      program
        .command("status")
        .description("how it stands for every student: stack, instances, addresses, pages, drift"),
    ),
  )
    .option("--watch [seconds]", `look again and again, ${WATCH_SECONDS} s apart, until Ctrl-C`, wholeNumber(1, 99_999))
    .option("--no-probe", "do not ask whether pages and SSH servers answer")
    .addHelpText(
      "after",
      "\nOnly reads; may be asked while others work. Exit codes: 0 all well, 1 something is not, 2 cannot be told.",
    )
    .action(async ({ watch, json, ...options }: StatusOptions & { watch?: true | number; json: boolean }) => {
      if (watch === undefined) {
        const status = await statusCourse(options);
        printResult(status, json, statusText);
        if (!status.ok) process.exitCode = 1;
        return;
      }
      const seconds = watch === true ? WATCH_SECONDS : watch;
      await watchStatus(options, seconds, (status) => {
        const heading = `${new Date(status.at).toLocaleTimeString()}, every ${seconds} s; Ctrl-C ends it\n\n`;
        if (json) console.log(JSON.stringify(status));
        else console.log(`${process.stdout.isTTY ? CLEAR : ""}${heading}${statusText(status)}\n`);
      });
    });
}
