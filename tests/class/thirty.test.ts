import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { CLEAN, ClassFixture } from "./classFixture.ts";
import { familyOf } from "./killing.ts";

const STUDENTS = Array.from({ length: 30 }, (_, index) => `s${(index + 1).toString().padStart(2, "0")}`);
const SABOTAGED = "s17";
const rows = (ids: readonly string[]) => ids.map((id) => `${id},Student ${id}`);

describe("thirty students", () => {
  let fixture: ClassFixture;
  beforeAll(async () => {
    fixture = await ClassFixture.open("ctthirty");
    fixture.writeRoster(...rows(STUDENTS));
  });
  afterAll(() => fixture.close());

  it(
    "come up side by side, and one who is sabotaged does not hold up 29",
    async () => {
      // The project alone comes first, so that its quota can be taken away.
      fixture.writeLab({ withInstance: false });
      await measured("the first student's project", ["up", "--yes", "--students", SABOTAGED]);
      const setInstances = async (instances: number) => {
        const path = `/os-quota-sets/${await fixture.idOf(SABOTAGED, "project")}`;
        const body = { quota_set: { instances, force: true } };
        await fixture.session.request("compute", "PUT", path, z.unknown(), { body });
      };
      await setInstances(0);
      fixture.writeLab();
      expect(await measured("up of 30, one sabotaged", ["up", "--yes"])).toBe(1);
      for (const student of STUDENTS)
        expect([student, (await fixture.serversOf(student)).length]).toEqual([student, student === SABOTAGED ? 0 : 1]);

      await setInstances(10);
      expect(await measured("again, the reason gone", ["up", "--yes"])).toBe(0);
      expect(await measured("again, with nothing to do", ["up", "--yes"])).toBe(0);
      for (const student of STUDENTS) expect([student, await fixture.audit(student)]).toEqual([student, CLEAN]);
    },
    2 * 60 * 60_000,
  );

  it("take in a late joiner without being touched", async () => {
    const states = STUDENTS.map((student) => fixture.fingerprint(student));
    fixture.writeRoster(...rows([...STUDENTS, "late"]));
    expect(await measured("a late joiner, everybody looked at", ["up", "--yes"])).toBe(0);
    expect(STUDENTS.map((student) => fixture.fingerprint(student))).toEqual(states);
    fixture.writeRoster(...rows([...STUDENTS, "late", "later"]));
    expect(await measured("another one, alone", ["up", "--yes", "--students", "later"])).toBe(0);
    for (const student of ["late", "later"]) expect(await fixture.audit(student)).toEqual(CLEAN);
  });

  it("are gone without a trace", async () => {
    expect(await measured("destroy of 32", ["destroy", "--yes"])).toBe(0);
    expect(await fixture.traces()).toEqual([]);
  });

  /** Runs a command and tells what it took. @returns its exit code */
  async function measured(what: string, [command = "", ...args]: string[]): Promise<number | undefined> {
    const began = performance.now();
    const run = fixture.start(command, ...args);
    const watching = { goesOn: true };
    const usage = watch(run.pid, watching);
    const { exitCode, stderr } = await run;
    watching.goesOn = false;
    const { cpuSeconds, peakMiB } = await usage;
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const load = readFileSync("/proc/loadavg", "utf8").split(" ")[0] ?? "";
    console.log(
      `${what}: ${seconds} s, ${cpuSeconds} s CPU, at most ${peakMiB} MiB, exit code ${exitCode ?? "none"}, load ${load}`,
    );
    if (exitCode !== 0) console.log(stderr);
    return exitCode;
  }
});

/** Clock ticks are hundredths of a second on Linux. */
const TICKS = 100;

/** The CPU time, and the most memory at once, of a command and all that it starts; memory that several share is counted in parts. */
async function watch(root: number | undefined, watching: { goesOn: boolean }) {
  let peakMiB = 0;
  let cpuSeconds = 0;
  while (watching.goesOn) {
    const family = familyOf(root).map(({ pid }) => usageOf(pid));
    peakMiB = Math.max(peakMiB, Math.round(family.reduce((sum, { kib }) => sum + kib, 0) / 1024));
    cpuSeconds = Math.max(cpuSeconds, Math.round(family.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS));
    await sleep(1000);
  }
  return { peakMiB, cpuSeconds };
}

/** Also of those processes that it started and that have ended. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function usageOf(pid: number): { kib: number; ticks: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [user = 0, system = 0, usersChildren = 0, systemsChildren = 0] = fields.slice(11, 15).map(Number);
    const kib = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    return { kib, ticks: user + system + usersChildren + systemsChildren };
  } catch {
    return { kib: 0, ticks: 0 }; // It has ended.
  }
}
