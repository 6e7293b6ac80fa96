import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { runTasks } from "../../terminal/tasks.ts";

/** A terminal that shows nothing. */
const terminal = { isTTY: true, columns: 80, rows: 24, write: () => true };

beforeEach(() => {
  vi.stubGlobal("process", { ...process, stdout: terminal, stderr: terminal });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("returns the values of those who failed, too", async () => {
  const tasks = [
    { title: "kim", run: () => Promise.resolve({ value: 1 }) },
    { title: "lee", run: () => Promise.resolve({ value: 2, failed: "no valid host" }) },
  ];
  expect(await runTasks(tasks)).toEqual([1, 2]);
});

it("throws what a task threw, once the others have ended", async () => {
  let ended = false;
  const tasks = [
    { title: "kim", run: () => Promise.reject<{ value: number }>(new TypeError("not a function")) },
    {
      title: "lee",
      run: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        ended = true;
        return { value: 2 };
      },
    },
  ];
  await expect(runTasks(tasks)).rejects.toThrow(new TypeError("not a function"));
  expect(ended).toBe(true);
});

it("leaves standard output to the result when it is no terminal", async () => {
  const written: string[] = [];
  const file = { isTTY: false, write: (text: string) => written.push(text) > 0 };
  vi.stubGlobal("process", { ...process, stdout: file, stderr: terminal });
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  await runTasks([{ title: "kim", run: () => Promise.resolve({ value: 1 }) }]);
  expect(written).toEqual([]);
  expect(said.mock.calls).toEqual([["+ kim (0 s)"]]);
});
