import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { MOST_STUDENTS } from "../../course/roster.ts";
import { didYouMean } from "../../lab/didYouMean.ts";
import { idProblems } from "../../lab/identity.ts";
import { readLab, readyLabs } from "../../labs/readLab.ts";
import { cloudNames } from "../../openstack/cloudsYaml.ts";
import { expandHome } from "../../terminal/expandHome.ts";
import { shellQuoted } from "../../terminal/shellQuoted.ts";
import { refuse, UserError } from "../../terminal/userError.ts";
import { answered } from "../command-line/answered.ts";
import { printResult } from "../command-line/printResult.ts";
import { withCourse } from "../command-line/sharedOptions.ts";
import { wholeNumber } from "../command-line/wholeNumber.ts";
import { courseText, SAMPLE_STUDENTS, sampleRoster } from "./courseTemplate.ts";
import { askForMissing, type CourseAnswers, namesCloud } from "./initQuestions.ts";

/** Where the course is to be, and what is not asked for then. */
export interface InitOptions extends CourseAnswers {
  /** course.yaml, or its folder, which is made where it is missing. @default "course.yaml" */
  course?: string | undefined;
}

/** What `classroom init --json` prints. */
export interface InitResult {
  /** The course document, absolute. */
  file: string;
  /** Its folder. */
  folder: string;
  /** Files that were written, and those that were there and stay as they are; names in the folder. */
  written: string[];
  kept: string[];
  /** What the teacher should know or mend. */
  notes: string[];
}

const SCHEMA = fileURLToPath(new URL("../../course/course.schema.json", import.meta.url));
const COURSE_FILE = "course.yaml";
const IGNORED = ".classroom/";

export function registerInit(program: Command): void {
  withCourse(program.command("init").description("write course.yaml and a sample roster; asks for what no option says"))
    .option("--course-id <id>", "id of the course, part of every name")
    .option("--lab <lab>", `one of the ready labs (${readyLabs().join(", ")}), or the path of a lab document`)
    .option("--cloud <name>", "entry of clouds.yaml (default: the cloud of OS_CLOUD or the OS_* variables)")
    .option(
      "--sample-students <number>",
      `students in the sample roster (default: ${SAMPLE_STUDENTS})`,
      wholeNumber(1, MOST_STUDENTS),
    )
    .option("--json", "for programs; asks nothing", false)
    .action(async ({ json, ...given }: InitOptions & { json: boolean }) => {
      refuseExisting(given.course);
      const asks = !json && process.stdin.isTTY && process.stdout.isTTY;
      const answers = asks ? await answered(askForMissing(given), "anything was written") : given;
      const result = init({ ...answers, course: given.course });
      printResult(result, json, initText);
    });
}

/**
 * Writes course.yaml, roster.csv and .gitignore. What is there stays as it is.
 *
 * @throws {UserError} naming everything that is missing or wrong; nothing is then written
 */
export function init(options: InitOptions, env: NodeJS.ProcessEnv = process.env): InitResult {
  const { courseId, lab, cloud, sampleStudents = SAMPLE_STUDENTS } = options;
  const file = refuseExisting(options.course);
  const folder = dirname(file);
  refuse("the course cannot be written", [
    ...(courseId === undefined
      ? ["--course-id is missing: the id of the course, part of every name, e.g. net101"]
      : idProblems("--course-id", courseId).map(({ path, reason }) => `${path}: ${reason}`)),
    ...(lab === undefined ? [`--lab is missing: one of ${readyLabs().join(", ")}, or the path of a lab document`] : []),
    ...(cloud === undefined && !namesCloud(env)
      ? [`--cloud is missing: an entry of clouds.yaml${cloudList(cloudNames(env))}`]
      : cloud === undefined || /^\S+$/.test(cloud)
        ? []
        : ["--cloud: must be the name of an entry of clouds.yaml, without spaces"]),
    ...(Number.isInteger(sampleStudents) && sampleStudents >= 1 && sampleStudents <= MOST_STUDENTS
      ? []
      : [`--sample-students: must be a whole number from 1 to ${MOST_STUDENTS}`]),
  ]);
  if (courseId === undefined || lab === undefined) throw new UserError("the course cannot be written");
  const { file: labFile, lab: labDocument } = readLab(lab);
  const template = {
    courseId,
    lab: readyLabs().includes(lab) ? lab : pathFrom(folder, labFile),
    labDocument,
    cloud,
    schema: schemaFrom(folder),
  };
  const result: InitResult = { file, folder, written: [], kept: [], notes: cloudNotes(cloud, env) };
  try {
    mkdirSync(folder, { recursive: true });
    writeNew(result, basename(file), courseText(template));
    writeNew(result, "roster.csv", sampleRoster(sampleStudents));
    writeNew(result, ".gitignore", `# State, secrets and keys of the class\n${IGNORED}\n`);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new UserError(`the course cannot be written into ${folder}: ${error.message}`);
  }
  const ignore = readFileSync(join(folder, ".gitignore"), "utf8");
  if (!/^\/?\.classroom\/?\s*$/m.test(ignore))
    result.notes.push(`add the line ${IGNORED} to .gitignore: that folder will have secrets in it`);
  return result;
}

/** What is there, what to do next. */
export function initText({ file, folder, written, kept, notes }: InitResult): string {
  const here = relative(process.cwd(), folder);
  const path = relative(process.cwd(), basename(file) === COURSE_FILE ? folder : file);
  const course = path === "" ? "" : ` --course ${shellQuoted(path)}`;
  return [
    ...written.map((name) => `wrote ${join(here, name)}`),
    ...kept.map((name) => `kept ${join(here, name)}, which was there`),
    ...notes.map((note) => `note: ${note}`),
    "",
    "Next: write your students into roster.csv, look through course.yaml, then",
    `  npx classroom check${course}     # does the class fit the cloud? Changes nothing`,
    `  npx classroom up${course}        # shows what will be made, asks, makes it`,
  ].join("\n");
}

/** A course that is there is nobody's to write over, and no reason to ask questions first. */
function refuseExisting(course = COURSE_FILE): string {
  const path = resolve(expandHome(course));
  const file = /\.ya?ml$/i.test(path) ? path : join(path, COURSE_FILE);
  if (existsSync(file))
    throw new UserError(`${file} is there already; edit it, or choose another folder with --course`);
  return file;
}

function writeNew({ folder, written, kept }: InitResult, name: string, text: string): void {
  try {
    // Fails where there is a file, even one that came a moment ago.
    writeFileSync(join(folder, name), text, { flag: "wx" });
    written.push(name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    kept.push(name);
  }
}

/** A path with a dot in front, so that it is not taken for a ready lab. */
function pathFrom(folder: string, file: string): string {
  const path = relative(folder, resolve(file)).split(sep).join("/");
  return path.startsWith(".") ? path : `./${path}`;
}

/** Only from inside of the project does the path stay right. */
function schemaFrom(folder: string): string | undefined {
  const project = dirname(dirname(SCHEMA));
  const parent = existsSync(folder) ? realpathSync(folder) : folder;
  return `${parent}${sep}`.startsWith(`${project}${sep}`) ? pathFrom(parent, SCHEMA) : undefined;
}

function cloudNotes(cloud: string | undefined, env: NodeJS.ProcessEnv): string[] {
  const clouds = cloudNames(env);
  if (cloud === undefined || clouds.includes(cloud)) return [];
  const local = cloud === "local" ? "; `npm start` sets the local cloud up" : "";
  return [`clouds.yaml has no entry "${cloud}" yet${didYouMean(cloud, clouds)}${cloudList(clouds)}${local}`];
}

const cloudList = (clouds: readonly string[]) => (clouds.length === 0 ? "" : ` (there are ${clouds.join(", ")})`);
