import { stripVTControlCharacters } from "node:util";
import type { Command } from "commander";
import { consoleLog } from "../../openstack/consoleLog.ts";
import { consoleUrl } from "../../openstack/consoleUrl.ts";
import type { Session } from "../../openstack/session.ts";
import { loadCourse } from "../../stacks/courseFolder.ts";
import { printResult } from "../command-line/printResult.ts";
import { withCourse, withJson } from "../command-line/sharedOptions.ts";
import { openSession } from "../course-access/openSession.ts";
import { readStudentsInstances } from "../instances/readInstances.ts";
import { oneInstance } from "../instances/studentInstances.ts";

export interface ConsoleOptions {
  course?: string | undefined;
  student: string;
  /** @default the only one */
  instance?: string | undefined;
  /** Its address for the browser instead of what was written on it. @default false */
  url?: boolean | undefined;
  /** Host, or host and port, at which the browser reaches the console's proxy. @default as the cloud says */
  host?: string | undefined;
  /** @default logged in at the course's cloud */
  session?: Session;
}

/** What `classroom console --json` prints. */
export interface ConsoleResult {
  student: string;
  instance: string;
  instanceId: string;
  /** What the instance wrote last; absent with `--url`. */
  log?: string;
  /** Holds a token, and ends after some minutes. */
  url?: string;
}

/** What an instance wrote to its console, or where its screen and keyboard are. */
export async function studentConsole({
  course,
  student,
  instance,
  url = false,
  host,
  ...given
}: ConsoleOptions): Promise<ConsoleResult> {
  const loaded = loadCourse(course);
  const { name, instanceId } = oneInstance(student, await readStudentsInstances(loaded, student), instance);
  const session = given.session ?? (await openSession(loaded));
  const found = url
    ? { url: await consoleUrl(session, instanceId, host) }
    : { log: await consoleLog(session, instanceId) };
  return { student, instance: name, instanceId, ...found };
}

/** @param forTerminal without what a student could tell the teacher's terminal to do */
export function consoleText({ log, url = "" }: ConsoleResult, forTerminal: boolean): string {
  if (log === undefined) return url;
  // eslint-disable-next-line no-control-regex -- they are what is taken out
  return forTerminal ? stripVTControlCharacters(log).replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "") : log;
}

export function registerConsole(program: Command): void {
  withJson(
    withCourse(program.command("console").description("what a student's instance wrote to its console, or its screen")),
  )
    .argument("<student>", "id")
    .option("--instance <name>", "which, where the student has several")
    .option("--url", "print the address of its screen and keyboard for a browser; it ends after minutes", false)
    .option(
      "--host <host[:port]>",
      "with --url: where the browser reaches the console's proxy (default: as the cloud says)",
    )
    .action(async (student: string, options: ConsoleOptions & { json: boolean }) => {
      const result = await studentConsole({ ...options, student });
      printResult(result, options.json, () => consoleText(result, process.stdout.isTTY));
    });
}
