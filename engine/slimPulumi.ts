import { join } from "node:path";
import sdk from "@pulumi/pulumi/package.json" with { type: "json" };
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";
import type { EngineSettings } from "./engineSettings.ts";
import { type ProcessControl, type ProcessResult, PulumiFailed, runPulumi } from "./pulumiProcess.ts";

const NOTHING: Record<string, string> = { "stack output": "{}", "stack history": "[]", "stack select": "" };

/**
 * What the Automation API runs its commands with, without those whose answer nobody needs: after an update it would ask for the
 * outputs twice and for the history, and before it would select the stack – four processes more, of 0.2 to 0.4 s CPU each. Outputs
 * come from the program itself, and every command names its stack. One that destroys a stack also removes it: to the Automation API that
 * is another process, so that it can ask for the history in between.
 *
 * @param removes whether a stack that is destroyed is removed
 */
export function slimPulumi(settings: EngineSettings, control: ProcessControl, removes: boolean): PulumiCommand {
  const run = async (args: string[], _cwd: string, env: Record<string, string>): Promise<ProcessResult> => {
    const nothing = NOTHING[args.slice(0, 2).join(" ")];
    if (nothing !== undefined) return { stdout: nothing, stderr: "", exitCode: 0 };
    const all = removes && args[0] === "destroy" ? [...args, "--remove"] : args;
    const result = await runPulumi(
      { ...settings, env },
      [...all, "--config-file", settingsOf(settings, args)],
      control,
    );
    if (result.exitCode !== 0) throw new PulumiFailed(args.slice(0, 2).join(" "), result);
    return result;
  };
  // The class has no public constructor but `get`, which costs a process to ask for the version.
  return z
    .custom<PulumiCommand>((value) => value instanceof PulumiCommand)
    .parse(Object.setPrototypeOf({ command: "pulumi", version: sdk.version, run }, PulumiCommand.prototype));
}

/** The settings of a stack lie in their own folder: a checkout stays as it was. */
function settingsOf({ settingsFolder }: EngineSettings, args: readonly string[]): string {
  const stack = args.includes("--stack") ? args[args.indexOf("--stack") + 1] : undefined;
  if (stack === undefined) throw new Error(`pulumi ${args.join(" ")} names no stack`);
  return join(settingsFolder, `Pulumi.${stack}.yaml`);
}
