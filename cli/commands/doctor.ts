import type { Command } from "commander";
import pLimit from "p-limit";
import { type CommandWords, command, type Finding, type FindingRule } from "../../course/finding.ts";
import { folderFindings } from "../../course/folderInvariants.ts";
import { findings as classFindings } from "../../course/invariants.ts";
import { quotaFindings } from "../../course/quotaFindings.ts";
import { KEY_PAIR, PROJECT } from "../../course/resourceTypes.ts";
import { lockStackName, studentOfStack, studentStackName } from "../../course/stackNames.ts";
import { studentDemand } from "../../lab/demand.ts";
import { describeObject } from "../../openstack/cloudObject.ts";
import { type CloudSettings, namedCloud } from "../../openstack/cloudSettings.ts";
import { deleteCommand } from "../../openstack/deleteCommand.ts";
import type { Inventory } from "../../openstack/inventory.ts";
import { readQuotasOf } from "../../openstack/quotas.ts";
import type { Session } from "../../openstack/session.ts";
import { cloudOffer } from "../../stacks/cloudOffer.ts";
import { choicesAndProblems, type LabChoices } from "../../stacks/labChoices.ts";
import { isFileError, type StackState } from "../../engine/stackStates.ts";
import { brokenStateFiles } from "../../engine/stateFolder.ts";
import { shellQuoted } from "../../terminal/shellQuoted.ts";
import { UserError } from "../../terminal/userError.ts";
import { printResult } from "../command-line/printResult.ts";
import { withCourse, withJson } from "../command-line/sharedOptions.ts";
import { clockProblems } from "../course-access/checkCourse.ts";
import { openForReading } from "../course-access/courseEngine.ts";
import { openSession } from "../course-access/openSession.ts";
import { missingFiles, openFiles } from "../course-access/privateFiles.ts";
import { type CourseState, isOfCourse, readCourseCloud, readCourseState } from "../course-access/readCourse.ts";
import { type Documents, readDocuments } from "../course-access/readDocuments.ts";
import { LOCAL_CLOUD } from "../open-class/ensureLocalCloud.ts";
import { emulationNote, locksElsewhere, type Note, readVirtualisation, type Virtualisation } from "./doctorNotes.ts";
import { doctorText } from "./doctorText.ts";

/** What `classroom doctor --json` prints. */
export interface Diagnosis {
  /** Empty when course.yaml cannot be read. */
  course: string;
  /** ISO 8601. */
  at: string;
  findings: Finding[];
  /** Stacks that somebody is working on, and who; nothing is said of them. */
  inWork: string[];
  /** What could not be looked at. */
  notSeen: string[];
  /** What is no fault, and good to know. */
  notes: Note[];
}

export interface DoctorOptions {
  /** course.yaml, or its folder. @default "course.yaml" */
  course?: string | undefined;
  /** @default the course's `cloud`, else OS_CLOUD, else the OS_* variables */
  settings?: CloudSettings;
  /** Of the machine that the local cloud is on. @default looked for, where the course is taught there */
  virtualisation?: Virtualisation;
}

/** What is read of a course, and what was found wrong in reading it. */
interface Readings {
  documents: Documents & { course: NonNullable<Documents["course"]> };
  words: CommandWords;
  findings: Finding[];
  notSeen: string[];
}

/**
 * Everything about a course that is not as it should be, each with the command that mends it. Only reads, without a lock; what cannot be
 * read is a finding itself.
 *
 * @throws {UserError} only when there is no such course
 */
export async function examineCourse({ course: path, settings, ...given }: DoctorOptions): Promise<Diagnosis> {
  const documents = readDocuments(path);
  const { course } = documents;
  const findings = documents.problems.map((problem) => documentFinding(problem));
  const base = { course: course?.course ?? "", at: new Date().toISOString() };
  if (course === undefined) return { ...base, findings, inWork: [], notSeen: [], notes: [] };
  const suffix = path === undefined || path === "course.yaml" ? "" : ` --course ${shellQuoted(path)}`;
  const cloudName = namedCloud(course.cloud);
  const client = cloudName === undefined ? "openstack" : `openstack --os-cloud ${cloudName}`;
  const words = { course: course.course, suffix, client };
  const readings: Readings = { documents: { ...documents, course }, words, findings, notSeen: [] };

  const { state, broken } = await readState(readings);
  const { locks = [] } = state ?? {};
  const working = locks.filter(({ holder }) => holder !== "dead");
  const inWork = working.map(({ stack }) => stack);
  const cloud = await readCloud(readings, state, inWork, settings);
  const expected = Object.keys(documents.lab?.student.instances ?? {});
  findings.push(
    ...classFindings({
      ...{ ...words, expected, cloud, describe: describeObject, states: state?.states, inWork },
      enrolled: documents.students?.map(({ id }) => id),
      // One whose file is gone is there no less: it only says nothing.
      unreadable: [...new Set([...(state?.unreadable ?? []).map(({ stack }) => stack), ...broken])].filter(
        (stack) => state?.states.has(stack) !== true,
      ),
      deletion: (thing) => deleteCommand(thing, client),
    }),
  );
  return {
    ...base,
    findings,
    inWork: working.flatMap(({ stack, lock }) =>
      lock === undefined ? [] : [`${stack}: ${lock.owner} on ${lock.host}, process ${lock.pid}, since ${lock.since}`],
    ),
    notSeen: readings.notSeen,
    notes:
      cloudName === LOCAL_CLOUD
        ? [emulationNote(given.virtualisation ?? readVirtualisation(), course.readinessTimeoutSeconds)]
        : [],
  };
}

const documentFinding = (evidence: string): Finding => ({
  ...{ rule: "document", who: "course", what: "a document of the course cannot be used" },
  ...{ evidence, mend: "edit it; then: classroom doctor" },
});

/** State, locks and secrets; `broken` are the stacks whose files are not whole. */
async function readState({
  documents,
  words,
  findings,
  notSeen,
}: Readings): Promise<{ state: CourseState | undefined; broken: string[] }> {
  const { course, students = [] } = documents;
  let state: CourseState | undefined;
  let stateFiles: ReturnType<typeof brokenStateFiles>;
  try {
    state = await readCourseState(documents);
    stateFiles = brokenStateFiles(await openForReading(documents), isOfCourse(course.course));
  } catch (error) {
    if (!(error instanceof UserError) && !isFileError(error)) throw error;
    findings.push({
      ...{ rule: "state-unreadable", who: "course", what: "the place where the state is kept cannot be read" },
      ...{ evidence: error.message, mend: `eval "$(${command(words, "env")})" && pulumi stack ls` },
    });
  }
  if (state !== undefined && state.locks === undefined) notSeen.push(locksElsewhere(words));
  const stacks = [...(state?.states.keys() ?? []), ...(state?.unreadable ?? []).map(({ stack }) => stack)];
  const withKey = students.filter(({ id }) =>
    state?.states.get(studentStackName(course.course, id))?.resources.some(({ type }) => type === KEY_PAIR),
  );
  const broken = (stateFiles ?? []).map(({ stack }) => stack).filter((stack) => stack !== lockStackName(course.course));
  findings.push(
    ...folderFindings({
      ...{ ...words, quoted: shellQuoted, stateFiles: stateFiles ?? [], locks: state?.locks ?? [] },
      unreadable: (state?.unreadable ?? []).filter(({ stack }) => !broken.includes(stack)),
      openFiles: openFiles(documents),
      missing: missingFiles(documents, withKey, stacks.length > 0),
    }),
  );
  return { state, broken };
}

/** The cloud, and everything that can be said of it apart from what is in it. */
async function readCloud(
  readings: Readings,
  state: CourseState | undefined,
  inWork: readonly string[],
  given: CloudSettings | undefined,
): Promise<Inventory | undefined> {
  const { documents, findings, notSeen, words } = readings;
  const { course, lab, students = [] } = documents;
  const add = (rule: FindingRule, what: string, evidence: string, mend: string) => {
    findings.push({ rule, who: "course", what, evidence, mend });
  };
  try {
    const session = await openSession(documents, given);
    for (const { reason } of clockProblems(session))
      add("clock", reason, session.description, "timedatectl set-ntp true");
    const choices = lab === undefined ? undefined : await chooseAgain(session, readings, lab);
    const loaded = { course, students, ...(lab === undefined ? {} : { lab }) };
    const cloud = await readCourseCloud(session, loaded, { states: state?.states ?? new Map<string, StackState>() });
    notSeen.push(...cloud.gaps.map(({ service, what }) => `${service}: ${what}`));
    if (choices !== undefined && lab?.student.project !== undefined)
      findings.push(...(await readQuotas(session, readings, { state, cloud, choices, lab, inWork })));
    return cloud;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const mend = `${words.client} token issue tells whether it is the login; then: ${command(words, "doctor")}`;
    add("cloud-unreachable", "the cloud cannot be asked", error.message, mend);
    return undefined;
  }
}

/** What the lab names must still be there: networks, images, flavors, services. */
async function chooseAgain(
  session: Session,
  { documents, findings, words }: Readings,
  lab: NonNullable<Documents["lab"]>,
): Promise<LabChoices> {
  const { choices, problems } = choicesAndProblems(await cloudOffer(session, lab), lab, documents.course.course);
  for (const { path, reason } of problems)
    findings.push({
      ...{ rule: "not-offered", who: "class", what: reason, evidence: path },
      mend: `change it in ${documents.file}, or have it made; then: ${command(words, "check")}`,
    });
  return choices;
}

/** Projects are asked for their quotas a few at a time: a small cloud has few workers. */
const QUOTAS_AT_ONCE = 4;

interface QuotaQuestion {
  state: CourseState | undefined;
  cloud: Inventory;
  choices: LabChoices;
  lab: NonNullable<Documents["lab"]>;
  inWork: readonly string[];
}

async function readQuotas(
  session: Session,
  { documents, words }: Readings,
  { state, cloud, choices, lab, inWork }: QuotaQuestion,
): Promise<Finding[]> {
  const demand = studentDemand(lab, (flavor) => choices.flavors[flavor]);
  const enrolled = documents.students?.map(({ id }) => id) ?? [];
  const limit = pLimit(QUOTAS_AT_ONCE);
  const found = await limit.map([...(state?.states.values() ?? [])], async (stack) => {
    const student = studentOfStack(words.course, stack.stack);
    const project = stack.resources.find(({ type }) => type === PROJECT)?.id ?? "";
    if (student === undefined || !enrolled.includes(student) || inWork.includes(stack.stack)) return [];
    if (project === "" || cloud.has(PROJECT, project) !== true) return [];
    const quotas = await readQuotasOf(session, project);
    const ofLab = lab.student.project?.quotas ?? {};
    return quotaFindings({ ...words, student, stack, cloud, quotas, demand, ofLab });
  });
  return found.flat();
}

export function registerDoctor(program: Command): void {
  withJson(
    withCourse(
      program.command("doctor").description("everything that is not as it should be, and the command that mends it"),
    ),
  )
    .addHelpText(
      "after",
      "\nOnly reads; mends nothing by itself. Exit codes: 0 nothing found but notes, 1 something was found.",
    )
    .action(async ({ course, json }: { course: string; json: boolean }) => {
      const diagnosis = await examineCourse({ course });
      printResult(diagnosis, json, doctorText);
      if (diagnosis.findings.length > 0) process.exitCode = 1;
    });
}
