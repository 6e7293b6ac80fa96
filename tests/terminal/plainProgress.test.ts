import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { runSteps } from "../../terminal/steps.ts";
import { runTasks } from "../../terminal/tasks.ts";

const seconds = (count: number) => new Promise<void>((resolve) => setTimeout(resolve, count * 1000));

let lines: string[];
beforeEach(() => {
  lines = [];
  vi.useFakeTimers();
  vi.stubGlobal("process", { ...process, stdout: { isTTY: false }, stderr: { isTTY: false } });
  for (const method of ["log", "error"] as const)
    vi.spyOn(console, method).mockImplementation((line: string) => {
      lines.push(line);
    });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("says every half minute that a step goes on, and with what", async () => {
  const running = runSteps([
    {
      title: "build",
      run: async (report) => {
        await seconds(40);
        report("linking");
        await seconds(25);
      },
    },
    { title: "short", run: () => seconds(3) },
  ]);
  await vi.advanceTimersByTimeAsync(300_000);
  await running;
  expect(lines).toEqual([
    ...["> build", "  … 30 s", "  … 1 min 0 s: linking", "  done in 1 min 5 s"],
    ...["> short", "  done in 3 s"],
  ]);
});

it("is silent once a step has failed", async () => {
  const running = runSteps([{ title: "build", run: () => seconds(31).then(() => Promise.reject(new Error("no"))) }]);
  const ended = expect(running).rejects.toThrow("no");
  await vi.advanceTimersByTimeAsync(300_000);
  await ended;
  expect(lines).toEqual(["> build", "  … 30 s", "x build failed after 31 s"]);
});

it("has a line for what a student has to tell, and none for every detail", async () => {
  const running = runTasks([
    {
      title: "kim",
      run: async (report, tell) => {
        report("3 resources");
        await seconds(5);
        tell("failed, tried again in 3 s");
        await seconds(3);
        return { value: 1 };
      },
    },
  ]);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(await running).toEqual([1]);
  expect(lines).toEqual(["  kim: failed, tried again in 3 s (5 s)", "+ kim (8 s)"]);
});

it("says every half minute how many of the students are done", async () => {
  const running = runTasks([
    { title: "kim", run: () => seconds(10).then(() => ({ value: 1 })) },
    { title: "lee", run: () => seconds(70).then(() => ({ value: 2, failed: "no valid host" })) },
  ]);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(await running).toEqual([1, 2]);
  expect(lines).toEqual([
    ...["+ kim (10 s)", "… 1 of 2 done after 30 s", "… 1 of 2 done after 1 min 0 s"],
    "x lee failed: no valid host (1 min 10 s)",
  ]);
});
