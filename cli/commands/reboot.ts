import type { Command } from "commander";
import { reboot } from "../../openstack/reboot.ts";
import type { Session } from "../../openstack/session.ts";
import { loadCourse } from "../../stacks/courseFolder.ts";
import { runTasks } from "../../terminal/tasks.ts";
import { printResult } from "../command-line/printResult.ts";
import { withCourse, withJson } from "../command-line/sharedOptions.ts";
import { openSession } from "../course-access/openSession.ts";
import { readStudentsInstances } from "../instances/readInstances.ts";
import { oneInstance } from "../instances/studentInstances.ts";

export interface RebootOptions {
  course?: string | undefined;
  student: string;
  /** @default the only one */
  instance?: string | undefined;
  /** The power switch, for a system that does not listen. @default false */
  hard?: boolean | undefined;
  /** Only says what would be done. @default false */
  dryRun?: boolean | undefined;
  /** @default logged in at the course's cloud */
  session?: Session;
}

/** What `classroom reboot --json` prints. */
export interface RebootResult {
  student: string;
  instance: string;
  instanceId: string;
  type: "soft" | "hard";
  /** False for a dry run. */
  done: boolean;
}

/** Reboots a student's instance and waits until Nova calls it active. */
export async function rebootStudent({
  course,
  student,
  instance,
  hard = false,
  dryRun = false,
  ...given
}: RebootOptions) {
  const loaded = loadCourse(course);
  const { name, instanceId } = oneInstance(student, await readStudentsInstances(loaded, student), instance);
  const type = hard ? "hard" : "soft";
  const result: RebootResult = { student, instance: name, instanceId, type, done: !dryRun };
  if (dryRun) return result;
  const session = given.session ?? (await openSession(loaded));
  const title = `${student} ${name}: ${type} reboot`;
  const run = async () => {
    await reboot(session, instanceId, type);
    return { value: undefined };
  };
  await runTasks([{ title, run }]);
  return result;
}

export function rebootText({ student, instance, type, done }: RebootResult): string {
  if (!done) return `${instance} of ${student} would be rebooted (${type}); nothing was done`;
  return `${instance} of ${student} was rebooted (${type}); its system is booting: classroom console ${student} --instance ${instance}`;
}

export function registerReboot(program: Command): void {
  withJson(withCourse(program.command("reboot").description("reboot a student's instance; its disk stays")))
    .argument("<student>", "id")
    .option("--instance <name>", "which, where the student has several")
    .option("--hard", "like the power switch, for a system that does not listen", false)
    .option("--dry-run", "only say what would be done", false)
    .action(async (student: string, options: RebootOptions & { json: boolean }) => {
      const result = await rebootStudent({ ...options, student });
      printResult(result, options.json, rebootText);
    });
}
