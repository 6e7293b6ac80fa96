import { existsSync } from "node:fs";
import { hostname } from "node:os";
import type { EngineSettings } from "./engineSettings.ts";
import { type Lock, readLockMessage } from "./lockMessage.ts";
import type { OperationResult } from "./operation.ts";
import { runPulumi } from "./pulumiProcess.ts";

/**
 * Breaks the lock that an operation met, if every process that holds it was on this machine and is dead.
 *
 * @returns whether it is worth another try
 */
export async function breakDeadLock(
  settings: EngineSettings,
  { stack, output }: Pick<OperationResult, "stack" | "output">,
): Promise<boolean> {
  const locks = readLockMessage(output);
  if (!locks?.every(isDead)) return false;
  const { exitCode } = await runPulumi(settings, ["cancel", "--yes", "--stack", stack]);
  return exitCode === 0;
}

/** A process number is only worth something on its own machine. */
export function isDead({ host, pid }: Lock): boolean {
  return host === hostname() && !existsSync(`/proc/${pid}`);
}
