import { hostname } from "node:os";
import { breakLock } from "./breakLock.ts";
import type { EngineSettings } from "./engineSettings.ts";
import { wasGoneMeanwhile } from "./goneMeanwhile.ts";
import { type Lock, readLockMessage } from "./lockMessage.ts";
import type { OperationResult } from "./operation.ts";
import { readProcessStat } from "./processStat.ts";

/**
 * Breaks the lock that an operation met, if every process that holds it was on this machine and is dead. Nothing is left to break when the
 * holder ended just then.
 *
 * @returns whether it is worth another try
 */
export async function breakDeadLock(
  settings: EngineSettings,
  { stack, output }: Pick<OperationResult, "stack" | "output">,
): Promise<boolean> {
  if (wasGoneMeanwhile(output)) return true;
  const locks = readLockMessage(output);
  if (!locks?.every(isDead)) return false;
  return breakLock(settings, stack);
}

/** A process number is only worth something on its own machine. */
export function isDead({ host, pid }: Lock): boolean {
  return host === hostname() && !isAlive(pid);
}

/** Signal 0 only asks: https://nodejs.org/api/process.html#processkillpid-signal. Somebody else's process may not be asked, but is there. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // What has ended keeps its number until somebody takes notice: for ever in a container whose first process is no init.
    return readProcessStat(pid)?.state !== "Z";
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
