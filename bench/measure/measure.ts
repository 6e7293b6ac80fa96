import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Readable } from "node:stream";
import { z } from "zod";
import { listProcesses } from "../../local-cloud/processes.ts";
import type { Command } from "../variant.ts";
import { Cgroup } from "./cgroup.ts";
import { type CloudCpu, type ServiceSeconds, sumOf, usedBetween } from "./cloudCpu.ts";
import { cores, machineCpu, ownCpuSeconds } from "./machine.ts";
import { type MemoryPeak, sampleMemory } from "./memory.ts";

const SUBREAPER = join(import.meta.dirname, "subreaper.py");

const answerSchema = z.object({
  wallSeconds: z.number(),
  userSeconds: z.number(),
  systemSeconds: z.number(),
  largestProcessKiB: z.number(),
  /** Minus the signal's number for what a signal ended; 127 when it could not be started. */
  exitCode: z.number(),
  timedOut: z.boolean(),
  leftRunning: z.number(),
});

export interface Measurement {
  exitCode: number;
  timedOut: boolean;
  /** From the start of the command to its end. */
  wallSeconds: number;
  /** User and system time of the command and of all below it, as the kernel counted. */
  cpuSeconds: number;
  /** Who counted: a cgroup counts everything, rusage what was waited for. */
  cpuBy: "cgroup" | "rusage";
  /** The same by what was waited for, whoever counted. */
  rusageSeconds: number;
  memory: MemoryPeak;
  /** Processes that were still there seconds after the command had ended, and were killed. */
  leftRunning: number;
  /** Of the cloud on this machine, by service; undefined when it runs elsewhere. */
  cloudSeconds: ServiceSeconds | undefined;
  /** What everything else on the machine used in that time: a row with much of it is disturbed. Ourselves left out. */
  otherSeconds: number;
  /** Of all cores in that time, 0 to 1. */
  busyShare: number;
}

export interface MeasureOptions {
  /** Then the command and all below it are ended. */
  timeoutSeconds: number;
  /** Gets what the command prints, appended. */
  log: string;
  /** The whole environment of the command. */
  env: Readonly<Record<string, string>>;
  cloud: CloudCpu | undefined;
}

let count = 0;

/**
 * Runs a command to its end and says what it cost.
 *
 * @throws when the helper that starts it fails, which is never the command's own fault
 */
export async function measure(command: Omit<Command, "env">, options: MeasureOptions): Promise<Measurement> {
  const { timeoutSeconds, log, env, cloud } = options;
  count += 1;
  const cgroup = Cgroup.make(`classroom-bench-${process.pid}-${count}`);
  const output = openSync(log, "a");
  try {
    const before = { cloud: cloud?.now(), machine: machineCpu(), own: ownCpuSeconds() };
    const began = performance.now();
    const helper = spawn(
      "/usr/bin/python3",
      ["-I", SUBREAPER, String(timeoutSeconds), cgroup?.folder ?? "", command.file, ...command.args],
      { cwd: command.cwd, env, stdio: ["ignore", output, output, "pipe"] },
    );
    const memory = sampleMemory(cgroup === undefined ? () => below(helper.pid ?? 0) : () => cgroup.members());
    const pipe = helper.stdio[3];
    if (!(pipe instanceof Readable)) throw new Error("no pipe to the helper");
    const [answered] = await Promise.all([text(pipe), ended(helper)]).finally(() => memory.stop());
    const seconds = (performance.now() - began) / 1000;
    const after = { cloud: cloud?.now(), machine: machineCpu(), own: ownCpuSeconds() };
    const answer = answerSchema.parse(JSON.parse(answered));
    const rusageSeconds = answer.userSeconds + answer.systemSeconds;
    const cpuSeconds = cgroup?.cpuSeconds() ?? rusageSeconds;
    const cloudSeconds =
      before.cloud === undefined || after.cloud === undefined ? undefined : usedBetween(before.cloud, after.cloud);
    const busy = after.machine.busySeconds - before.machine.busySeconds;
    return {
      ...{ exitCode: answer.exitCode, timedOut: answer.timedOut, leftRunning: answer.leftRunning },
      wallSeconds: answer.wallSeconds,
      ...{ cpuSeconds, cpuBy: cgroup === undefined ? "rusage" : "cgroup", rusageSeconds, memory: memory.stop() },
      cloudSeconds,
      otherSeconds: Math.max(0, busy - cpuSeconds - sumOf(cloudSeconds ?? {}) - (after.own - before.own)),
      busyShare: Math.min(1, busy / seconds / cores),
    };
  } finally {
    closeSync(output);
    await cgroup?.remove();
  }
}

function ended(helper: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    helper.once("error", reject);
    helper.once("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`the measuring helper ended with ${code ?? signal ?? "nothing"}`));
    });
  });
}

/** All processes below one, without itself. */
function below(root: number): number[] {
  const children = Map.groupBy(listProcesses(), ({ parent }) => parent);
  const of = (pid: number): number[] => (children.get(pid) ?? []).flatMap((child) => [child.pid, ...of(child.pid)]);
  return of(root);
}
