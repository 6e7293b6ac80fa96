import { readdirSync, readFileSync } from "node:fs";
import { readProcessStat } from "./processStat.ts";

/** Tells every `pulumi` and its plugins that they are ours, so that a later run knows those that an earlier one left. */
export const ourMark = { CLASSROOM_ENGINE: "yes" };
const markInEnviron = Object.entries(ourMark).map(([name, value]) => `${name}=${value}`);

/**
 * Ends the plugins of a `pulumi` that is gone without having ended them. By themselves they notice late or never, and until then
 * may still make what nobody will know of.
 *
 * Linux only, by its /proc; elsewhere they are left.
 *
 * @param session number of the process, which led a session of its own
 */
export function endLeftPlugins(session: number): void {
  for (const pid of processes()) if (readProcessStat(pid)?.session === session) kill(pid);
}

/**
 * Ends what a run left that was killed and could not: plugins whose `pulumi` is gone. A `pulumi` that is still at work, and its plugins, are
 * left alone, and so is all that somebody started by hand.
 */
export function endForsakenPlugins(): void {
  for (const pid of forsakenPlugins()) kill(pid);
}

/** The numbers of these processes. */
export function forsakenPlugins(): string[] {
  return processes().filter((pid) => {
    const stat = readProcessStat(pid);
    return stat !== undefined && hasEnded(stat.session) && isOurs(environmentOf(pid));
  });
}

/** Also while nobody has taken notice of its end. */
function hasEnded(pid: number): boolean {
  const stat = readProcessStat(pid);
  return stat === undefined || stat.state === "Z";
}

function processes(): string[] {
  try {
    return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  } catch {
    return []; // Not Linux.
  }
}

const isOurs = (environment: readonly string[]) => markInEnviron.every((entry) => environment.includes(entry));

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // Somebody else's, or gone.
  }
}

function kill(pid: string): void {
  try {
    process.kill(Number(pid), "SIGKILL");
  } catch {
    // Gone in the meantime.
  }
}
