import { readdirSync, readFileSync } from "node:fs";

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
      /^\d+$/.test(entry) && sessionOf(entry) === session ? [Number(entry)] : [],
    );
  } catch {
    return [];
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function sessionOf(entry: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
    // The name in parentheses may itself hold blanks and parentheses; then: state, parent, group, session.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3]);
  } catch {
    return undefined;
  }
}
