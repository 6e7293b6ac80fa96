import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { asksForJson } from "../../cli/command-line/printResult.ts";
import { runMain } from "../../terminal/runMain.ts";
import { UserError } from "../../terminal/userError.ts";

const folder = mkdtempSync(join(tmpdir(), "classroom-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) =>
  execa(process.execPath, [join(import.meta.dirname, "../../cli/main.ts"), ...args], {
    ...{ cwd: folder, env: { PATH: process.env["PATH"] }, extendEnv: false, reject: false, stdin: "ignore" },
  });

// Starting the command takes seconds on a busy machine.
describe("a command that is refused", { timeout: 60_000 }, () => {
  it("says so on standard output to programs, and on standard error to people", async () => {
    const message = `there is no ${join(folder, "course.yaml")}; make one with: classroom init`;
    expect(await run("destroy", "--yes", "--json")).toMatchObject({
      ...{ exitCode: 2, stderr: `error: ${message}` },
      stdout: JSON.stringify({ error: { message, exitCode: 2 } }),
    });
    expect(await run("destroy", "--yes")).toMatchObject({ exitCode: 2, stdout: "", stderr: `error: ${message}` });
  });

  it("says it of its options, too", async () => {
    const { exitCode, stdout } = await run("up", "--json", "--jes");
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      2,
      { error: { message: "unknown option '--jes'\n(Did you mean --yes?)", exitCode: 2 } },
    ]);
  });
});

describe("runMain", () => {
  it.each([
    [new UserError("interrupted", 130), "interrupted", 130],
    [new TypeError("our bug"), "our bug", 1],
  ])("tells programs what ended it: %s", async (error, message, exitCode) => {
    const told: unknown[] = [];
    const before = process.exitCode;
    await runMain(
      () => Promise.reject(error),
      (...end) => told.push(end),
    );
    const set = process.exitCode;
    process.exitCode = before;
    expect([told, set]).toEqual([[[message, exitCode]], exitCode]);
  });
});

describe("asksForJson", () => {
  it("does not look at what is for the program behind --", () => {
    expect(asksForJson(["ssh", "kim", "--json"])).toBe(true);
    expect(asksForJson(["ssh", "kim", "--", "ip", "--json"])).toBe(false);
  });
});
