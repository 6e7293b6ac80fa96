import { readdirSync } from "node:fs";
import { readProcessStat } from "./processStat.ts";

/**
 * Ends the plugins of a `pulumi` that is gone without having ended them. By themselves they notice late or never, and until then
 * may still make what nobody will know of.
 *
 * Linux only, by its /proc; elsewhere they are left.
 *
 * @param session number of the process, which led a session of its own
 */
export function endLeftPlugins(session: number): void {
  for (const pid of processesOf(session)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone in the meantime.
    }
  }
}

function processesOf(session: number): number[] {
  try {
    return readdirSync("/proc").flatMap((entry) =>
      /^\d+$/.test(entry) && readProcessStat(entry)?.session === session ? [Number(entry)] : [],
    );
  } catch {
    return [];
  }
}
