import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Cgroup } from "../../bench/measure/cgroup.ts";
import { measure } from "../../bench/measure/measure.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bench-measure-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const log = () => join(folder, "log");
const python = (program: string, timeoutSeconds = 60) =>
  measure(
    { file: "/usr/bin/python3", args: ["-I", "-c", program], cwd: folder },
    { timeoutSeconds, log: log(), env: { PATH: "/usr/bin:/bin" }, cloud: undefined },
  );

/** Uses so much CPU, measured by itself. */
const BURN = `
import os, sys, time
def burn(seconds):
    began = time.process_time()
    while time.process_time() - began < seconds: pass
`;

describe("measure", () => {
  it("counts the CPU of a process, of its children, and of those whose parent died", async () => {
    const { cpuSeconds, exitCode, wallSeconds, leftRunning } = await python(`${BURN}
if os.fork() == 0:
    if os.fork() == 0:
        os.setsid()
        burn(0.4)
    os._exit(0)
for _ in range(10):
    if os.fork() == 0:
        burn(0.02)
        os._exit(0)
burn(0.4)
for _ in range(11): os.wait()
time.sleep(0.5)
`);
    expect(exitCode).toBe(0);
    // 0.4 + 0.4 + 10 × 0.02, and what Python itself takes.
    expect(cpuSeconds).toBeGreaterThan(0.98);
    expect(cpuSeconds).toBeLessThan(1.4);
    expect(wallSeconds).toBeGreaterThan(0.9);
    expect(leftRunning).toBe(0);
  });

  it("sees the memory of a whole tree, what is shared only once", async () => {
    const { memory } = await python(`
import os, time
mine = bytearray(os.urandom(1 << 20)) * 100
for _ in range(2):
    if os.fork() == 0:
        own = bytearray(os.urandom(1 << 20)) * 50
        time.sleep(1.5)
        os._exit(0)
for _ in range(2): os.wait()
`);
    // 100 shared by three, and twice 50: 200 MiB, and Python itself. As RSS it would be 400.
    expect(memory.peakMiB).toBeGreaterThan(195);
    expect(memory.peakMiB).toBeLessThan(250);
    expect(memory.processes).toBe(3);
    expect(memory.samples).toBeGreaterThan(1);
  });

  it("ends everything when the time is up, also what moved to a session of its own", async () => {
    const { timedOut, exitCode, wallSeconds } = await python(
      `
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
time.sleep(60)
`,
      0.5,
    );
    expect(timedOut).toBe(true);
    expect(exitCode).toBe(-9);
    expect(wallSeconds).toBeLessThan(10);
  }, 20_000);

  it("counts what is left running, and ends it", async () => {
    const { leftRunning, wallSeconds, exitCode } = await python(`
import os, time
if os.fork() == 0:
    os.setsid()
    time.sleep(60)
`);
    expect({ leftRunning, exitCode }).toEqual({ leftRunning: 1, exitCode: 0 });
    expect(wallSeconds).toBeLessThan(2);
  }, 20_000);

  it("hands on exit code and output, and says when there is no such program", async () => {
    expect((await python("import sys; print('said'); sys.exit(3)")).exitCode).toBe(3);
    const missing = { file: join(folder, "missing"), args: [], cwd: folder };
    const options = { timeoutSeconds: 5, log: log(), env: {}, cloud: undefined };
    expect((await measure(missing, options)).exitCode).toBe(127);
    expect(readFileSync(log(), "utf8")).toMatch(/said[^]*missing: .*No such file/);
  });

  it("counts the same by a group of the kernel and by what was waited for", async () => {
    const group = Cgroup.make(`classroom-bench-test-${process.pid}`);
    await group?.remove();
    const { cpuBy, cpuSeconds, rusageSeconds } = await python(`${BURN}
if os.fork() == 0:
    burn(0.5)
    os._exit(0)
os.wait()
`);
    expect(cpuBy).toBe(group === undefined ? "rusage" : "cgroup");
    expect(Math.abs(cpuSeconds - rusageSeconds)).toBeLessThan(0.1);
  });
});
