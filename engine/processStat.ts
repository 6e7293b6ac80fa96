import { readFileSync } from "node:fs";

/** What Linux tells of a process; undefined when there is none of this number, and on other systems. */
export interface ProcessStat {
  /** `Z`: it has ended, and nobody has taken notice. */
  state: string;
  /** Number of the process that leads its session. */
  session: number;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export function readProcessStat(pid: number | string): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may itself hold blanks and parentheses; then: state, parent, group, session.
    const [state = "", , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, session: Number(session) };
  } catch {
    return undefined;
  }
}
