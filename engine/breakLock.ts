import { randomUUID } from "node:crypto";
import type { EngineSettings } from "./engineSettings.ts";
import { runPulumi } from "./pulumiProcess.ts";
import { removeSettings } from "./removeStack.ts";

/**
 * Removes every lock of a stack, whoever holds it. Also of a stack that is not there: whoever is killed while making one leaves its lock
 * behind, with which it can never be made, and Pulumi cancels only what is there. So the stack is made under another name, and renamed,
 * which asks for the lock of the other name alone.
 *
 * @returns whether none is left
 */
export async function breakLock(settings: EngineSettings, stack: string): Promise<boolean> {
  const cancel = () => runPulumi(settings, ["cancel", "--yes", "--stack", stack]);
  const { exitCode, stderr } = await cancel();
  if (exitCode === 0) return true;
  if (!stderr.includes("no stack named")) return false;
  const spare = `unlock-${randomUUID()}`;
  for (const args of [
    ["init", "--stack", spare],
    ["rename", stack, "--stack", spare],
  ]) {
    const made = await runPulumi(settings, ["stack", ...args], undefined, settings.settingsFolder);
    if (made.exitCode === 0) continue;
    await runPulumi(settings, ["stack", "rm", "--yes", "--stack", spare], undefined, settings.settingsFolder);
    removeSettings(settings, spare);
    return false;
  }
  return (await cancel()).exitCode === 0;
}
