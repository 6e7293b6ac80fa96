import { input, number, select } from "@inquirer/prompts";
import { MOST_STUDENTS } from "../../course/roster.ts";
import { idProblems } from "../../lab/identity.ts";
import { readLab, readyLabs } from "../../labs/readLab.ts";
import { cloudNames } from "../../openstack/cloudsYaml.ts";
import { SAMPLE_STUDENTS } from "./courseTemplate.ts";

/** What a new course is made of. */
export interface CourseAnswers {
  /** Id of the course. Needed. */
  courseId?: string | undefined;
  /** A ready lab, or the path of a lab document. Needed. */
  lab?: string | undefined;
  /** Entry of clouds.yaml. Needed unless OS_CLOUD or OS_AUTH_URL is set. */
  cloud?: string | undefined;
  /** How many students the sample roster has. @default {@link SAMPLE_STUDENTS} */
  sampleStudents?: number | undefined;
}

/** Where questions are shown and answered. @default the terminal */
export type Terminal = Parameters<typeof input>[1];

/** Asks for what was not said by an option. */
export async function askForMissing(options: CourseAnswers, terminal?: Terminal): Promise<CourseAnswers> {
  const courseId =
    options.courseId ??
    (await input(
      {
        message: "Id of the course, part of every name",
        default: "net101",
        validate: (text) => idProblems("", text)[0]?.reason ?? true,
      },
      terminal,
    ));
  const lab =
    options.lab ??
    (await select(
      {
        message: "Which lab",
        choices: readyLabs().map((value) => ({ value, name: `${value} – ${readLab(value).lab.title}` })),
      },
      terminal,
    ));
  const cloud = options.cloud ?? (await askForCloud(terminal));
  const sampleStudents =
    options.sampleStudents ??
    (await number(
      {
        message: "How many students in the sample roster",
        default: SAMPLE_STUDENTS,
        min: 1,
        max: MOST_STUDENTS,
        required: true,
      },
      terminal,
    ));
  return { courseId, lab, sampleStudents, ...(cloud === "" ? {} : { cloud }) };
}

/** Whether the environment says which cloud is meant. */
export const namesCloud = (env: NodeJS.ProcessEnv): boolean =>
  env["OS_CLOUD"] !== undefined || env["OS_AUTH_URL"] !== undefined;

/** Empty for the OS_* variables. */
async function askForCloud(terminal: Terminal): Promise<string> {
  const clouds = cloudNames();
  return select(
    {
      message: "Which cloud",
      choices: [
        ...clouds.map((value) => ({ value, name: `${value} – of clouds.yaml` })),
        ...(clouds.includes("local")
          ? []
          : [{ value: "local", name: "local – the local cloud, which `npm start` sets up" }]),
        ...(namesCloud(process.env) ? [{ value: "", name: "the one that OS_CLOUD or the OS_* variables name" }] : []),
      ],
    },
    terminal,
  );
}
