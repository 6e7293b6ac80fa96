import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SHORTEST_SEED } from "../lab/passwords.ts";
import { seatProblems } from "../lab/studentPlan.ts";
import { cloudSettings, namedCloud } from "../openstack/cloudSettings.ts";
import { Session } from "../openstack/session.ts";
import { refuse, UserError } from "../terminal/userError.ts";
import type { ClassStackInput } from "./classStack.ts";
import type { CloudAddress } from "./cloudAddress.ts";
import { cloudOffer } from "./cloudOffer.ts";
import type { CourseStudent, LoadedCourse } from "./courseFolder.ts";
import { chooseFrom, type CloudOffer, type LabChoices } from "./labChoices.ts";
import { labFiles } from "./labFiles.ts";
import type { StudentStackInput } from "./studentStack.ts";
import { studentKey } from "./studentKey.ts";

/** A course at its cloud: everything that its stacks are made of is found and fits together. */
export interface CourseCloud {
  loaded: LoadedCourse;
  session: Session;
  /** What the choices were made from; undefined where nothing was chosen. */
  offer: CloudOffer | undefined;
  choices: LabChoices;
  address: CloudAddress;
}

export interface OpenCourseOptions {
  /** false where nothing is made: what the cloud no longer offers must not keep anybody from destroying. @default true */
  choose?: boolean;
  /** What is put right in the cloud first. @default nothing */
  prepare?: (session: Session) => Promise<void>;
}

const NOTHING_CHOSEN: LabChoices = { networkIds: {}, images: {}, flavors: {}, roleIds: {}, computeHosts: [] };

/**
 * Logs in and finds what the lab names in what the cloud offers.
 *
 * @throws {UserError} naming everything that does not fit
 */
export async function openCourse(
  loaded: LoadedCourse,
  { choose = true, prepare }: OpenCourseOptions = {},
): Promise<CourseCloud> {
  const { course, lab, students } = loaded;
  if (choose)
    refuse(
      "the class does not fit",
      seatProblems(lab, students).map(({ path, reason }) => `${path}: ${reason}`),
    );
  const cloudName = namedCloud(course.cloud);
  const settings = cloudSettings(cloudName);
  const session = await Session.open(settings);
  await prepare?.(session);
  const offer = choose ? await cloudOffer(session, lab) : undefined;
  const choices = offer === undefined ? NOTHING_CHOSEN : chooseFrom(offer, lab, course.course);
  const { authUrl, region, cacert } = settings;
  return { loaded, session, offer, choices, address: { authUrl, region, cacert, cloudName, ...session.scope } };
}

/**
 * The same course where it was opened without choices.
 *
 * @throws {UserError} naming everything that the cloud does not offer any more
 */
export async function withChoices(cloud: CourseCloud): Promise<CourseCloud> {
  if (cloud.offer !== undefined) return cloud;
  const { session, loaded } = cloud;
  const offer = await cloudOffer(session, loaded.lab);
  return { ...cloud, offer, choices: chooseFrom(offer, loaded.lab, loaded.course.course) };
}

export function classInput({ loaded, choices, address }: CourseCloud): ClassStackInput {
  const { lab, labFile, course, students } = loaded;
  return {
    ...{ kind: "class", lab, course: course.course, choices, cloud: address },
    // Otherwise the class stack would be another one with every student.
    students: lab.class.packstackHost === undefined ? 0 : students.length,
    passwordSeed: readSeed(loaded),
    imageFiles: labFiles(lab, labFile).images,
  };
}

export function studentInput({ loaded, session, choices, address }: CourseCloud, student: CourseStudent) {
  const { lab, labFile, course } = loaded;
  const { reachCommand, waitUntilReady, readinessTimeoutSeconds } = course;
  const { publicKey, sshKeyFile } = studentKey(loaded, student);
  const { id, pageName, seat } = student;
  const input: StudentStackInput = {
    ...{
      kind: "student",
      lab,
      course: course.course,
      student: { id, name: pageName, seat },
      choices,
      cloud: address,
      publicKey,
    },
    passwordSeed: readSeed(loaded),
    reach: { sshKeyFile, reachCommand, waitUntilReady, readinessTimeoutSeconds },
    storageUrl: session.endpoint("object-store"),
    objectFiles: labFiles(lab, labFile).objects,
    classStack: `organization/classroom/${course.course}`,
  };
  return input;
}

/** What students' passwords are derived from: the file that CLASSROOM_PASSWORD_SEED_FILE names, or the course's own. */
export function seedFile({ hidden }: Pick<LoadedCourse, "hidden">): string {
  return process.env["CLASSROOM_PASSWORD_SEED_FILE"] ?? join(hidden, "password-seed");
}

function readSeed(loaded: LoadedCourse): string {
  const file = seedFile(loaded);
  if (!existsSync(file)) throw new UserError(`there is no ${file}; classroom up makes it`);
  const seed = readFileSync(file, "utf8").trim();
  if (seed.length < SHORTEST_SEED)
    throw new UserError(
      `${file} has ${seed.length} characters; passwords are derived from it, so it needs ${SHORTEST_SEED}`,
    );
  return seed;
}
