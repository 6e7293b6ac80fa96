import { z } from "zod";
import { EnginePool } from "../../engine/enginePool.ts";
import type { EngineSettings } from "../../engine/engineSettings.ts";
import type { Operation } from "../../engine/operation.ts";
import { endForsakenPlugins } from "../../engine/leftPlugins.ts";
import { whileLocked } from "../../engine/operationLock.ts";
import { restoreDamagedStates } from "../../engine/restoreState.ts";
import { refuseWrongPassphrase } from "../../engine/wrongPassphrase.ts";
import { readEachStack, type StackState } from "../../engine/stackStates.ts";
import { finishTags } from "../../openstack/finishTags.ts";
import type { Session } from "../../openstack/session.ts";
import { classStackName, lockStackName, studentStackName } from "../../course/stackNames.ts";
import { classInput, type CourseCloud, openCourse, studentInput } from "../../stacks/courseCloud.ts";
import { type CourseStudent, type LoadedCourse, type Place, withPlacesOf } from "../../stacks/courseFolder.ts";
import { UserError } from "../../terminal/userError.ts";
import { PARALLEL } from "../command-line/sharedOptions.ts";
import { stopOnInterrupt } from "../command-line/stopOnInterrupt.ts";
import { openEngine } from "../course-access/courseEngine.ts";
import { isOfCourse } from "../course-access/readCourse.ts";
import { begunNetworks } from "./begunNetworks.ts";
import { keepPageNames, keepSeats } from "./keepPlaces.ts";
import { ensureStudentKeys } from "./studentKeys.ts";

/** A class that is about to be worked on: its course, its cloud, its stacks. */
export interface OpenClass {
  loaded: LoadedCourse;
  cloud: CourseCloud;
  settings: EngineSettings;
  pool: EnginePool;
  /** Of the class and its students, also of those who are no longer in the roster; by name of the stack. */
  states: Map<string, StackState>;
  /** Why a student's stack that is there cannot be read or put right, by its name: it is neither empty nor new. */
  unreadable: Map<string, string>;
}

export interface OpenOptions {
  parallel?: number | undefined;
  /** Nobody else may work on the course meanwhile. @default true, unless it is only read */
  locked?: boolean;
  /** Nothing is changed, neither in the cloud nor in the state. @default false */
  readOnly?: boolean;
  /** Nothing is made, so that it does not matter what the cloud offers. @default false */
  onlyDestroys?: boolean;
}

/** Logs in, finds the stacks, and does the work; Ctrl-C ends it with everything saved. */
export async function openClass<T>(
  loaded: LoadedCourse,
  { parallel = PARALLEL, readOnly = false, locked = !readOnly, onlyDestroys = false }: OpenOptions,
  work: (open: OpenClass) => Promise<T>,
): Promise<T> {
  const { course } = loaded.course;
  const settings = await openEngine(loaded);
  const [classStack, lockStack] = [classStackName(course), lockStackName(course)];
  const shared = await readEachStack(settings, (stack) => stack === classStack);
  const begun = begunNetworks(shared.states.get(classStack));
  const allowed = Promise.withResolvers<undefined>();
  const prepare = async (session: Session) => {
    await allowed.promise;
    await finishTags(session, begun);
  };
  // The cloud's answers and the lock are waited for at the same time, unless there is something to change.
  const opening = openCourse(loaded, {
    choose: !onlyDestroys,
    ...(readOnly || begun.length === 0 ? {} : { prepare }),
  });
  const opened = refuseWrongPassphrase(settings, classStack).then(() => opening);
  for (const promise of [opening, opened]) promise.catch(() => undefined);
  const pool = new EnginePool(settings, parallel);
  pool.warm();
  const run = async () => {
    allowed.resolve(undefined);
    const cloud = await opened;
    if (locked) endForsakenPlugins();
    if (locked) restoreStates(settings, isOfCourse(course), !onlyDestroys);
    const { states, unreadable } = await readStates(settings, course);
    states.delete(lockStack);
    const places = placesIn(states);
    const seated = withPlacesOf(loaded, places);
    if (locked) {
      keepSeats(seated);
      keepPageNames(loaded, places);
    }
    const open = { loaded: seated, cloud: { ...cloud, loaded: seated }, settings, pool, states, unreadable };
    return stopOnInterrupt(pool, () => work(open));
  };
  try {
    if (!locked) return await run();
    restoreStates(settings, (stack) => stack === lockStack, true);
    return await whileLocked(settings, lockStack, run);
  } finally {
    await pool.close();
    // Also what ended only while we were at work.
    if (locked) endForsakenPlugins();
  }
}

/** The update that follows finds in the cloud what the copies did not know yet. */
function restoreStates(settings: EngineSettings, wanted: (stack: string) => boolean, isRecovered: boolean): void {
  for (const { stack, how, from, kept } of restoreDamagedStates(settings, wanted, isRecovered))
    console.error(
      `warning: the state of ${stack} was ${how}, and is kept as ${kept}; ` +
        (from === undefined
          ? "none of its copies is whole, so what it had made is looked for in the cloud"
          : `it is restored from ${from}`),
    );
}

/** Each student's seat and page name, as the stack's outputs tell them. */
export function placesIn(states: ReadonlyMap<string, StackState>): Record<string, Place> {
  return Object.fromEntries(
    Array.from(states.values()).flatMap(({ outputs }) => {
      const parsed = studentSchema.safeParse(outputs["student"]);
      return parsed.success ? [[parsed.data.id, { seat: parsed.data.seat, pageName: parsed.data.name }] as const] : [];
    }),
  );
}

const studentSchema = z.object({ id: z.string(), name: z.string(), seat: z.int().min(0) });

/** Without what all share, nobody's work can be begun. @throws {UserError} when that cannot be read */
async function readStates(settings: EngineSettings, course: string) {
  const { states, unreadable } = await readEachStack(settings, isOfCourse(course));
  const shared = unreadable.filter(({ stack }) => [classStackName(course), lockStackName(course)].includes(stack));
  if (shared.length > 0) throw new UserError(shared.map(({ reason }) => reason).join("\n"));
  return { states, unreadable: new Map(unreadable.map(({ stack, reason }) => [stack, reason])) };
}

/** Why the student's stack that is there cannot be worked on; undefined when it can. */
export function unreadableReason({ loaded, unreadable }: OpenClass, student: string): string | undefined {
  return unreadable.get(studentStackName(loaded.course.course, student));
}

/** The module that worker threads load. */
const PROGRAM = new URL("../../stacks/stackProgram.ts", import.meta.url).href;

type StackOperation = Pick<Operation, "stack" | "program" | "isNew" | "patterns">;

/** With the passphrase of today: either was just opened with it. */
const patternsOf = ({ course: { course } }: LoadedCourse) => [lockStackName(course), classStackName(course)];

/** What an operation on the class stack is made of. */
export function classOperation({ cloud, loaded, states }: OpenClass): StackOperation {
  const stack = classStackName(loaded.course.course);
  const program = { module: PROGRAM, input: classInput(cloud) };
  return { stack, isNew: !states.has(stack), patterns: patternsOf(loaded), program };
}

/**
 * What an operation on a student's stack is made of; the student's key pair is made where there is none.
 *
 * @throws {UserError} when the stack is there, but cannot be worked on, or the key pair cannot be made
 */
export async function studentOperation(open: OpenClass, student: CourseStudent): Promise<StackOperation> {
  const { cloud, loaded, states } = open;
  // The roster was read before the states, which say who sits where.
  const seated = loaded.students.find(({ id }) => id === student.id) ?? student;
  const reason = unreadableReason(open, student.id);
  if (reason !== undefined) throw new UserError(reason, 1);
  await ensureStudentKeys(loaded, [student]);
  const stack = studentStackName(loaded.course.course, student.id);
  const program = { module: PROGRAM, input: studentInput(cloud, seated) };
  return { stack, isNew: !states.has(stack), patterns: patternsOf(loaded), program };
}
