import type { Command } from "commander";
import { loadCourse } from "../../stacks/courseFolder.ts";
import { exportLine } from "../../terminal/shellQuoted.ts";
import { printResult } from "../command-line/printResult.ts";
import { withCourse, withJson } from "../command-line/sharedOptions.ts";
import { openEngine } from "../course-access/courseEngine.ts";

/** What `classroom env --json` prints: environment variables by name. No secret is among them, only the files where they are. */
export type PulumiEnvironment = Record<string, string>;

/** With which variables plain `pulumi`, started in this checkout, works on the stacks of a course as `classroom` does. */
export async function pulumiEnvironment(course: string): Promise<PulumiEnvironment> {
  const loaded = loadCourse(course);
  const { env } = await openEngine(loaded);
  if (loaded.course.cloud !== undefined) return env;
  // Only the shell knows the cloud; the program then says what stands in the way of it.
  const { OS_CLOUD: _cloud, ...others } = env;
  return others;
}

/** For `eval` in a POSIX shell. */
export function environmentText(environment: PulumiEnvironment): string {
  return Object.entries(environment)
    .map(([name, value]) => exportLine(name, value))
    .join("\n");
}

export function registerEnv(program: Command): void {
  withJson(withCourse(program.command("env").description("the settings with which plain pulumi does the same")))
    .addHelpText(
      "after",
      `
In this checkout, for one student:
  eval "$(npx classroom env --course ~/net101)"
  pulumi -s net101.kim preview        (or up, or destroy)

The shell is then this course's: for another course open another shell.`,
    )
    .action(async ({ course, json }: { course: string; json: boolean }) => {
      const environment = await pulumiEnvironment(course);
      printResult(environment, json, environmentText);
    });
}
