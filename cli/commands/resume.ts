import type { Command } from "commander";
import { withClassOptions, withJson } from "../command-line/sharedOptions.ts";
import { powerClass, type PowerCommandOptions, showPower } from "../instances/powerInstances.ts";

export function registerResume(program: Command): void {
  withJson(
    withClassOptions(program.command("resume").description("start instances again, however they were put to rest")),
  )
    .option("--dry-run", "only say what would be done", false)
    .addHelpText("after", "\nWaits until Nova calls them active; their systems then still boot.")
    .action(async ({ json, ...options }: PowerCommandOptions & { json: boolean }) => {
      showPower(await powerClass("resume", options), json);
    });
}
