import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterEach, expect, it, vi } from "vitest";
import { workOnStacks } from "../../cli/open-class/stackWork.ts";
import { INTERRUPTED } from "../../cli/command-line/stopOnInterrupt.ts";
import { EnginePool } from "../../engine/enginePool.ts";
import { ended } from "./openedClass.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

it("Ctrl-C ends the pause before another try, and what failed is told", async () => {
  const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const settings = { projectFolder: ".", settingsFolder: ".", env: {} };
  const pool = new EnginePool(settings, 1);
  const failed = ended("net101.kim", { outcome: "failed", errors: [{ message: "503 Service Unavailable" }] });
  const run = vi.spyOn(pool, "run").mockResolvedValue(failed);
  const beforeRetry = vi.fn(() => Promise.resolve({}));
  const work = { title: "kim", operation: { stack: "net101.kim", action: "up" as const }, beforeRetry };
  const working = workOnStacks(pool, settings, [work]);
  await vi.waitFor(() => {
    expect(told).toHaveBeenCalledWith(expect.stringMatching(/^ {2}kim: failed, tried again in [2-4] s/));
  });
  const began = performance.now();
  pool.interrupt();
  expect(await working).toEqual([failed]);
  expect(performance.now() - began).toBeLessThan(1000);
  expect([run.mock.calls.length, beforeRetry.mock.calls.length]).toEqual([1, 0]);
});

it("a second Ctrl-C ends the process although something is still waited for", async () => {
  const module = new URL("../../cli/command-line/stopOnInterrupt.ts", import.meta.url).href;
  const program = `
    import { stopOnInterrupt } from ${JSON.stringify(module)};
    const pool = { interrupt: () => console.log("interrupt"), kill: () => console.log("kill") };
    const work = new Promise((resolve) => setTimeout(resolve, 50_000));
    const stopped = stopOnInterrupt(pool, () => work);
    console.log("at work");
    await stopped;`;
  const run = execa("node", ["--input-type=module", "-e", program], { reject: false });
  let shown = "";
  run.stdout.on("data", (chunk: Buffer) => (shown += chunk.toString()));
  const press = async (before: string) => {
    await vi.waitFor(() => {
      expect(shown).toContain(before);
    }, 20_000);
    run.kill("SIGINT");
  };
  await press("at work");
  // Longer than what counts as one press.
  await sleep(500);
  await press("interrupt");
  const began = performance.now();
  expect(await run).toMatchObject({ exitCode: INTERRUPTED, stdout: "at work\ninterrupt\nkill" });
  expect(performance.now() - began).toBeLessThan(10_000);
});
