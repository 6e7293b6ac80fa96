import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

const TICKS_PER_SECOND = 100; // what Linux tells every program, on every architecture Debian has

/** Seconds of CPU since the machine started: of everything, and what other machines on the same host took from us. */
export function machineCpu(): { busySeconds: number; stolenSeconds: number } {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = (
    /^cpu +(.*)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1] ?? ""
  )
    .split(" ")
    .map((ticks) => Number(ticks) / TICKS_PER_SECOND);
  return { busySeconds: user + nice + system + irq + softirq, stolenSeconds: stolen };
}

/** Of this process, with its threads. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Processors that we may use. */
export const cores = availableParallelism();

/** User and system time of a process and of its children that ended; 0 when it is gone. */
export function processCpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}
