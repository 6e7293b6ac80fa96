import { rmSync } from "node:fs";
import { runSteps, type Step } from "../terminal/steps.ts";
import { apiOnly } from "./cloudKind.ts";
import { mariadb } from "./config/infrastructure.ts";
import { withLock } from "./lock.ts";
import { inside, insideSupervisor, supervisorProcess } from "./namespace.ts";
import { removeNetwork } from "./network.ts";
import { type Process, readProcess } from "./processes.ts";
import type { Program } from "./program.ts";
import { isGuest, wantedFile } from "./status.ts";
import { supervised } from "./supervised.ts";
import { stopPrograms, supervisors } from "./supervisor.ts";
import { waitUntil } from "./waitUntil.ts";

/** Stops everything and keeps everything: the next `up` brings the guests back too. */
export async function down(): Promise<void> {
  await withLock("down", () => runSteps(downSteps()));
}

export function downSteps(): Step[] {
  const guests: Step[] = [
    {
      title: "guests",
      skip: () => (insideSupervisor() === undefined ? "the cloud is down" : undefined),
      run: async (report) => {
        rmSync(wantedFile, { force: true });
        await stopGuests(report);
      },
    },
  ];
  return [
    ...(apiOnly ? [] : guests),
    {
      title: "programs",
      run: async () => {
        rmSync(wantedFile, { force: true });
        await Promise.all(supervisors.map(stopSupervisor));
      },
    },
    ...(apiOnly ? [] : [{ title: "namespace", run: removeNetwork }]),
  ];
}

/** What a guest gets to write its disks after it was asked to shut down. */
const SHUTDOWN_SECONDS = 12;

/** Nova believes they run, for their nova-compute ended first; so it starts them again next time. */
async function stopGuests(report: (line: string) => void): Promise<void> {
  if (insideSupervisor() === undefined) return;
  await ignoreFailure(stopPrograms("inside", ["nova-compute"]));
  const guests = await runningGuests();
  if (guests.length === 0) return;
  report(`asking ${guests.length} to shut down`);
  const virsh = (...args: string[]) => inside("timeout", ["5", "virsh", "--quiet", ...args], { reject: false });
  const domains = (await virsh("list", "--name")).stdout.split("\n").filter((name) => name !== "");
  await Promise.all(domains.map((domain) => virsh("shutdown", domain, "--mode", "acpi")));
  const gone = async () => (await runningGuests()).length === 0;
  await ignoreFailure(waitUntil("guests", gone, { seconds: SHUTDOWN_SECONDS, everyMs: 300 }));
  // QEMU writes what it holds back and ends.
  for (const { pid } of await runningGuests()) signal(pid, "SIGTERM");
  await ignoreFailure(waitUntil("QEMU", gone, { seconds: 5 }));
}

async function runningGuests(): Promise<Process[]> {
  return ((await supervised("inside"))?.others ?? []).filter(isGuest);
}

/**
 * Beside the guests only MariaDB has something to lose, so it alone ends in order. Then the first process inside is killed, and with
 * that the kernel ends all that live in its namespace, however they came to be there.
 */
async function stopSupervisor(where: Program["where"]): Promise<void> {
  const pid = supervisorProcess(where);
  if (pid === undefined) return;
  if (where === "inside") await ignoreFailure(stopPrograms(where, [mariadb.name]));
  signal(pid, "SIGKILL");
  // The first process of a namespace outlives the others: when it is gone, so are they and their ports.
  await waitUntil(`supervisor (${where})`, () => readProcess(pid) === undefined, { seconds: 20 });
}

function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}

async function ignoreFailure(work: Promise<void>): Promise<void> {
  await work.catch(() => undefined);
}
