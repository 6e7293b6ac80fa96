import { rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../terminal/userError.ts";
import type { EngineSettings } from "./engineSettings.ts";
import { runPulumi } from "./pulumiProcess.ts";

/**
 * Forgets a stack that has no resources any more, with its history and settings.
 *
 * @throws {UserError} when it still has some
 */
export async function removeStack(settings: EngineSettings, stack: string): Promise<void> {
  const args = ["stack", "rm", "--yes", "--stack", stack];
  const { exitCode, stderr } = await runPulumi(settings, args, undefined, settings.settingsFolder);
  if (exitCode !== 0) throw new UserError(`the stack ${stack} cannot be removed:\n${stderr.trim()}`, 1);
  removeSettings(settings, stack);
}

export function removeSettings({ settingsFolder }: Pick<EngineSettings, "settingsFolder">, stack: string): void {
  rmSync(join(settingsFolder, `Pulumi.${stack}.yaml`), { force: true });
}
