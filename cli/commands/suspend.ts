import { type Command, Option } from "commander";
import { withClassOptions, withJson } from "../command-line/sharedOptions.ts";
import { powerClass, type PowerCommandOptions, showPower } from "../instances/powerInstances.ts";

export function registerSuspend(program: Command): void {
  withJson(
    withClassOptions(program.command("suspend").description("put instances to rest, for the night or the holidays")),
  )
    .addOption(new Option("--stop", "power off: quickly back, but still reserved on its host (default)"))
    .addOption(
      new Option("--shelve", "off the host: frees it for others, but coming back needs room").conflicts("stop"),
    )
    .option("--dry-run", "only say what would be done", false)
    .addHelpText(
      "after",
      "\nDisks, ports and addresses stay. Exit codes: 0 done, 1 some failed, 2 refused, 130 interrupted.",
    )
    .action(async ({ shelve = false, json, ...options }: PowerCommandOptions & { shelve?: boolean; json: boolean }) => {
      showPower(await powerClass(shelve ? "shelve" : "stop", options), json);
    });
}
