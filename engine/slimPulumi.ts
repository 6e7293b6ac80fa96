import { mkdirSync } from "node:fs";
import { join } from "node:path";
import sdk from "@pulumi/pulumi/package.json" with { type: "json" };
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import type { EngineSettings } from "./engineSettings.ts";
import { type ProcessControl, type ProcessResult, runPulumi } from "./pulumiProcess.ts";

/** `pulumi` ended with an error. */
export class PulumiFailed extends UserError {
  readonly result: ProcessResult;

  constructor(args: readonly string[], result: ProcessResult) {
    super(`pulumi ${args.slice(0, 2).join(" ")} failed:\n${result.stderr.trim() || result.stdout.trim()}`, 1);
    this.name = "PulumiFailed";
    this.result = result;
  }
}

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
    const result = await runPulumi({ ...settings, env }, ...placed(settings, all, control));
    if (result.exitCode !== 0) throw new PulumiFailed(args, result);
    return result;
  };
  // The class has no public constructor but `get`, which costs a process to ask for the version.
  return z
    .custom<PulumiCommand>((value) => value instanceof PulumiCommand)
    .parse(Object.setPrototypeOf({ command: "pulumi", version: sdk.version, run }, PulumiCommand.prototype));
}

/** The settings of a stack lie in their own folder: a checkout stays as it was. */
function placed(
  settings: EngineSettings,
  args: readonly string[],
  control: ProcessControl,
): [args: string[], control: ProcessControl, cwd: string] {
  if (args[0] === "stack") {
    mkdirSync(settings.settingsFolder, { recursive: true, mode: 0o700 });
    return [[...args], control, settings.settingsFolder];
  }
  const stack = args.includes("--stack") ? args[args.indexOf("--stack") + 1] : undefined;
  if (stack === undefined) throw new Error(`pulumi ${args.join(" ")} names no stack`);
  return [
    [...args, "--config-file", join(settings.settingsFolder, `Pulumi.${stack}.yaml`)],
    control,
    settings.projectFolder,
  ];
}
