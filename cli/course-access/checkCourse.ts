import { type Certificate, certificate } from "../../course/capacity.ts";
import type { Problem } from "../../lab/problem.ts";
import { seatProblems } from "../../lab/studentPlan.ts";
import type { CloudSettings } from "../../openstack/cloudSettings.ts";
import { readRights } from "../../openstack/rights.ts";
import type { Session } from "../../openstack/session.ts";
import type { CourseCloud } from "../../stacks/courseCloud.ts";
import type { LoadedCourse } from "../../stacks/courseFolder.ts";
import { readCapacity } from "../../stacks/readCapacity.ts";
import { rightsProblems } from "../../stacks/rightsProblems.ts";
import { openSession } from "./openSession.ts";

/** What `classroom check --json` prints: the certificate, and what else keeps the class from being built. */
export interface CourseCheck extends Certificate {
  course: string;
  labFile: string;
  /** Where was looked, and as whom. */
  cloud: string;
  /** Whether the class can be built: it fits, and there is no problem. */
  ok: boolean;
  /** What the cloud does not offer, or these credentials may not. */
  problems: Problem[];
  warnings: string[];
}

export interface CheckOptions {
  /** Any so many students instead of the roster's. */
  studentsCount?: number | undefined;
  /** Only these of the roster, by id, and whoever is there already. @default all of it */
  only?: readonly string[] | undefined;
  /** @default the course's `cloud`, else OS_CLOUD, else the OS_* variables */
  settings?: CloudSettings;
  /** Who is logged in already, and has asked what the cloud offers, goes on with that. @default a login of its own */
  at?: Pick<CourseCloud, "session" | "offer">;
}

/** A token is worth nothing, a certificate not yet or no longer valid, and S3 refuses requests when clocks are further apart. */
const MOST_CLOCK_SECONDS = 300;

/**
 * Compares a course with its cloud; changes nothing.
 *
 * @throws {UserError} when the cloud cannot be asked, within seconds
 */
export async function checkCourse(
  loaded: Pick<LoadedCourse, "course" | "lab" | "labFile" | "students" | "warnings">,
  { studentsCount, only, settings, at }: CheckOptions = {},
): Promise<CourseCheck> {
  const { course, lab, labFile, students, warnings } = loaded;
  const session = at?.session ?? (await openSession(loaded, settings));
  const ofRoster = studentsCount === undefined;
  const { input, problems: found } = await readCapacity(session, {
    ...{ course: course.course, lab, offer: at?.offer },
    students: studentsCount ?? students.length,
    ids: ofRoster ? students.map(({ id }) => id) : undefined,
    only,
    keptSeats: Math.max(0, ...students.map(({ seat }) => seat + 1 - students.length)),
  });
  const problems = [...clockProblems(session), ...found, ...(ofRoster ? seatProblems(lab, students) : [])];
  const answer = certificate(input);
  return {
    ...{ course: course.course, labFile, cloud: session.description, ok: answer.fits && problems.length === 0 },
    ...answer,
    ...{ problems, warnings },
  };
}

/** What keeps any change from being made, however small; the cheap part of a check. */
export async function hindrances({ session, loaded }: Pick<CourseCloud, "session" | "loaded">): Promise<Problem[]> {
  return [...clockProblems(session), ...rightsProblems(loaded.lab, await readRights(session), session.user)];
}

/** Whether this computer tells another time than the cloud. */
export function clockProblems({ clockAheadSeconds: ahead = 0 }: Session): Problem[] {
  if (Math.abs(ahead) <= MOST_CLOCK_SECONDS) return [];
  const how = `${Math.abs(ahead)} s ${ahead > 0 ? "ahead of" : "behind"}`;
  return [
    {
      path: "clock",
      reason: `this computer's clock is ${how} the cloud's, and at most ${MOST_CLOCK_SECONDS} s are safe; set it by NTP`,
    },
  ];
}
