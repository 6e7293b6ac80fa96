import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CloudProxy } from "../cloud-proxy/cloudProxy.ts";
import { countRequests } from "../cloud-proxy/exchange.ts";
import { describeObject } from "../openstack/cloudObject.ts";
import type { Session } from "../openstack/session.ts";
import { Leftovers } from "./leftovers.ts";
import { differences, differencesInAll } from "./madeStudents.ts";
import { type CloudCpu, sumOf, usedBetween } from "./measure/cloudCpu.ts";
import { type Measurement, measure } from "./measure/measure.ts";
import type { Round } from "./plan.ts";
import { PHASES, type PhaseRow, type Row } from "./rows.ts";
import type { Phase, Variant } from "./variant.ts";

export interface RoundOptions {
  session: Session;
  /** Entry of clouds.yaml. */
  cloudName: string;
  cloud: CloudCpu | undefined;
  /** Where working folders are made. */
  workFolder: string;
  /** Create and destroy are always among them. */
  phases: readonly Phase[];
  timeoutSeconds: (students: number) => number;
  append: (row: Row) => void;
  /** Gets a line for people. */
  report: (line: string) => void;
}

/** Takes one variant through all its phases, looks what it left, and leaves nothing. */
export async function runRound(round: Round, variant: Variant, options: RoundOptions): Promise<void> {
  const { session, cloudName, append, report, workFolder } = options;
  const attempt = randomUUID();
  const folder = join(workFolder, variant.name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // What a killed run left of it.
  const leftovers = await Leftovers.begin(session, variant.name);
  await leftovers.sweep();
  await variant.prepare(folder);

  // It takes 1.5 to 2 ms of CPU for each request (measured), of cores that client and cloud need: not while anything is timed.
  const proxy = round.repetition === 0 ? await CloudProxy.open(cloudName) : undefined;
  const env = { ...environment(cloudName), ...proxy?.env };
  let created = true;
  try {
    for (const phase of PHASES) {
      if (!options.phases.includes(phase) || (!created && phase !== "destroy")) continue;
      const row = await runPhase(phase);
      if (phase === "create") created = row?.exitCode === 0 && !row.timedOut;
    }
  } finally {
    await proxy?.close();
  }
  const { ours, elsewhere } = await leftovers.find();
  const texts = (automatic: boolean) => ours.filter((each) => each.automatic === automatic).map(describeObject);
  const [left, leftByCloud] = [texts(false), texts(true)];
  if (left.length > 0) report(`${variant.name} ${round.size}: left behind: ${left.join(", ")}`);
  const notSwept = await leftovers.sweep();
  append({
    kind: "end",
    at: new Date().toISOString(),
    ...round,
    attempt,
    left,
    leftByCloud,
    elsewhere: elsewhere.map(describeObject),
    notSwept,
  });
  rmSync(folder, { recursive: true, force: true });

  async function wrongWith(students: number): Promise<string[]> {
    const { ours, elsewhere } = await leftovers.find();
    return variant.inOneProject === true
      ? differencesInAll([...ours, ...elsewhere], students)
      : differences(variant.name, ours, students);
  }

  async function runPhase(phase: Phase): Promise<PhaseRow | undefined> {
    const students = studentsAfter(phase, round.size, options.phases);
    const command = variant.command(phase, students, folder);
    if (command === undefined) return undefined;
    const idleBefore = await untilIdle(options.cloud);
    const log = join(folder, `${phase}.log`);
    const from = proxy?.exchanges.length ?? 0;
    const measured = await measure(command, {
      ...{ log, cloud: options.cloud, timeoutSeconds: options.timeoutSeconds(students) },
      env: { ...env, ...command.env },
    });
    const changes = phase === "create" || phase === "add-one";
    const wrong = changes ? await wrongWith(students) : [];
    const row: PhaseRow = {
      ...{ kind: "phase", at: new Date().toISOString(), ...round, attempt, phase, students, idleBefore },
      ...measured,
      ...(proxy === undefined ? {} : { calls: countRequests(proxy.exchanges.slice(from)) }),
      ...(wrong.length === 0 ? {} : { wrong }),
      ...(measured.exitCode === 0 ? {} : { said: endOf(log) }),
    };
    append(row);
    for (const line of wrong) report(`${variant.name} ${round.size} ${phase}: ${line}`);
    report(
      `${variant.name} ${round.size} ${phase}: ${lineOf(measured)}${row.calls === undefined ? "" : `, ${row.calls.total} requests`}`,
    );
    return row;
  }
}

/** Preview shows, add-one makes, and destroy destroys one more than create. */
export function studentsAfter(phase: Phase, size: number, phases: readonly Phase[]): number {
  if (phase === "create" || phase === "no-op") return size;
  return phase === "destroy" && !phases.includes("add-one") ? size : size + 1;
}

function lineOf({
  exitCode,
  timedOut,
  wallSeconds,
  cpuSeconds,
  memory,
  cloudSeconds,
  otherSeconds,
}: Measurement): string {
  const end = timedOut ? "TIMED OUT, " : exitCode === 0 ? "" : `FAILED (${exitCode}), `;
  const cloud = cloudSeconds === undefined ? "" : `, cloud ${sumOf(cloudSeconds).toFixed(1)} s`;
  return (
    `${end}${wallSeconds.toFixed(2)} s, CPU ${cpuSeconds.toFixed(2)} s${cloud}, other ${otherSeconds.toFixed(1)} s, ` +
    `${memory.peakMiB.toFixed(0)} MiB`
  );
}

/** Variables that name another course, cloud or place for state, or credentials. */
const OF_OTHERS = /^(PULUMI_|OS_(?!CLIENT_CONFIG_FILE$)|TF_|CLASSROOM_(COURSE|PASSWORD|CLOUD$))/;

function environment(cloudName: string): Record<string, string> {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || OF_OTHERS.test(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(kept), OS_CLOUD: cloudName };
}

/** A service that uses less in a second than this many seconds of CPU has nothing to do for anybody. */
const IDLE_SECONDS = 0.1;
const LONGEST_WAIT = 30;

/** What one phase left to do for the cloud must not be on the next one's bill. @returns false when it never became idle */
async function untilIdle(cloud: CloudCpu | undefined): Promise<boolean> {
  if (cloud === undefined) return true;
  for (let waited = 0; waited < LONGEST_WAIT; waited += 1) {
    const before = cloud.now();
    await sleep(1000);
    if (sumOf(usedBetween(before, cloud.now())) < IDLE_SECONDS) return true;
  }
  return false;
}

const MOST_SAID = 2000;

function endOf(log: string): string {
  return existsSync(log) ? readFileSync(log, "utf8").slice(-MOST_SAID) : "";
}
