import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { driftOf } from "../../course/drift.ts";
import { cloudResources } from "../../course/knownResources.ts";
import { INSTANCE, USER } from "../../course/resourceTypes.ts";
import { classStackName, studentOfStack, studentStackName } from "../../course/stackNames.ts";
import type { StackState } from "../../engine/stackStates.ts";
import { writeWhole } from "../../engine/wholeFiles.ts";
import { describeObject } from "../../openstack/cloudObject.ts";
import type { Inventory } from "../../openstack/inventory.ts";
import { classInput, type CourseCloud, studentInput } from "../../stacks/courseCloud.ts";
import type { CourseStudent, LoadedCourse } from "../../stacks/courseFolder.ts";
import { programDigest } from "../../stacks/programDigest.ts";
import { readCourseCloud } from "../course-access/readCourse.ts";

/** A course with its cloud and its states, as far as telling what is settled takes. */
export interface Settling {
  loaded: LoadedCourse;
  cloud: CourseCloud;
  states: ReadonlyMap<string, StackState>;
}

/**
 * Stacks of which it is known that an update would do nothing: one has found so, and since then neither the program, nor its input, nor the
 * state has changed. For these no engine is started. What is kept are digests alone, in the course's own folder; a folder that has none, or
 * another teacher's, only costs the look that everybody took before.
 */
export class SettledStacks {
  readonly #file: string;
  readonly #known: Record<string, string>;
  readonly #program = programDigest();

  constructor({ hidden }: Pick<LoadedCourse, "hidden">) {
    this.#file = join(hidden, "settled.json");
    this.#known = readDigests(this.#file);
  }

  /** Whether every one of these might be: when not, nobody need look further. */
  mayInclude(stacks: readonly string[]): boolean {
    return stacks.every((stack) => this.#known[stack] !== undefined);
  }

  /**
   * Those that are settled and that the cloud still has as the state says, by one listing of it. What a listing does not tell – roles,
   * quotas, what is inside a rule – is looked at only by `--refresh`.
   */
  async among(course: Settling, students: readonly CourseStudent[]): Promise<Set<string>> {
    const { loaded, cloud, states } = course;
    const candidates = [undefined, ...students].flatMap((student) => {
      const state = stateOf(course, student);
      const isKnown = state !== undefined && this.#known[state.stack] !== undefined;
      return isKnown && this.#known[state.stack] === this.#fingerprint(course, student) ? [state] : [];
    });
    if (candidates.length === 0) return new Set();
    const inventory = await readCourseCloud(cloud.session, loaded, { states: new Map(states) }, { elsewhere: false });
    if (inventory.gaps.length > 0) return new Set();
    const untouched = candidates.filter((state) => isUntouched(state, loaded.course.course, inventory));
    return new Set(untouched.map(({ stack }) => stack));
  }

  /** An update or a look has just found that nothing is to be done. */
  remember(course: Settling, student: CourseStudent | undefined): void {
    const state = stateOf(course, student);
    if (state === undefined || !isWhole(state)) return;
    this.#known[state.stack] = this.#fingerprint(course, student);
  }

  save(): void {
    writeWhole(this.#file, `${JSON.stringify(this.#known, null, 2)}\n`);
  }

  #fingerprint(course: Settling, student: CourseStudent | undefined): string {
    const { loaded, cloud, states } = course;
    const seated = loaded.students.find(({ id }) => id === student?.id);
    const input = seated === undefined ? classInput(cloud) : studentInput(cloud, seated);
    const shared =
      student === undefined ? undefined : states.get(classStackName(loaded.course.course))?.outputs["class"];
    const facts = { program: this.#program, input, shared, state: stateOf(course, student)?.digest };
    return createHash("sha256").update(JSON.stringify(facts)).digest("hex");
  }
}

const digestsSchema = z.record(z.string(), z.string());

/** A file that cannot be read is as good as none. */
function readDigests(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  try {
    return digestsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return {};
  }
}

function stateOf({ loaded, states }: Settling, student: CourseStudent | undefined): StackState | undefined {
  const { course } = loaded.course;
  return states.get(student === undefined ? classStackName(course) : studentStackName(course, student.id));
}

/** Nothing was begun and not ended, and the program's outputs are there. */
function isWhole({ pending, resources, outputs }: StackState): boolean {
  return (
    pending.length === 0 &&
    resources.every(({ initErrors }) => initErrors.length === 0) &&
    Object.keys(outputs).length > 0
  );
}

function isUntouched(state: StackState, course: string, inventory: Inventory): boolean {
  const student = studentOfStack(course, state.stack);
  const things = cloudResources(state);
  return (
    isWhole(state) &&
    driftOf(state, student, inventory, describeObject).length === 0 &&
    // A user is listed by name; an instance may be there and not well.
    things.every(({ type, id }) => type !== USER || inventory.byId(type, id, student) !== undefined) &&
    things.every(({ type, id }) => type !== INSTANCE || inventory.byId(type, id, student)?.status === "ACTIVE")
  );
}
