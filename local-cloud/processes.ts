import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process as the host's /proc shows it: also those in namespaces of their own have a number here. */
export interface Process {
  pid: number;
  parent: number;
  argv: string[];
  /** When it began, in clock ticks since the machine started: with the number it identifies a process for ever. */
  began: number;
}

export function listProcesses(): Process[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => readProcess(Number(entry)) ?? []);
}

/** undefined when there is no such process, or only its shell is left (a zombie). */
export function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the name in parentheses, may itself hold blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return undefined;
    const argv = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
    return { pid, parent: Number(fields[1]), argv, began: Number(fields[19]) };
  } catch {
    return undefined; // gone in the meantime
  }
}

/** Names the process namespace that `pid` lives in; undefined when it is gone. */
export function processNamespace(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

/** Since when the process has been running. */
export function processStart(pid: number): Date {
  const bootSeconds = Number(/^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]);
  const TICKS_PER_SECOND = 100; // what Linux tells every program, on every architecture Debian has
  return new Date((bootSeconds + (readProcess(pid)?.began ?? 0) / TICKS_PER_SECOND) * 1000);
}
