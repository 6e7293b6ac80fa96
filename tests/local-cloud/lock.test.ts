import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "../../local-cloud/lock.ts";
import { readProcess } from "../../local-cloud/processes.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
  path = join(folder, "lock");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const boot = () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
const lockOf = (owner: object) => {
  writeFileSync(path, JSON.stringify({ doing: "up", boot: boot(), ...owner }));
};
const isTaken = () => withLock("down", () => Promise.resolve("done"), path);

describe("withLock", () => {
  it("does the work, and leaves nothing behind", async () => {
    await expect(isTaken()).resolves.toBe("done");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is free again after work that failed", async () => {
    await expect(withLock("up", () => Promise.reject(new Error("no")), path)).rejects.toThrow("no");
    await expect(isTaken()).resolves.toBe("done");
  });

  it("refuses at once while another works, and names it", async () => {
    const began = performance.now();
    await withLock(
      "up",
      async () => {
        await expect(isTaken()).rejects.toThrow(
          `"up" is running already (process ${process.pid}): wait until it is done`,
        );
      },
      path,
    );
    expect(performance.now() - began).toBeLessThan(2000);
    expect(existsSync(path)).toBe(false);
  });

  it("takes over from a process that was killed", async () => {
    const child = spawn("sleep", ["60"]);
    const pid = child.pid ?? 0;
    lockOf({ pid, began: readProcess(pid)?.began });
    await expect(isTaken()).rejects.toThrow(`process ${pid}`);

    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    await expect(isTaken()).resolves.toBe("done");
  });

  it("is not fooled by another process with the dead owner's number", async () => {
    lockOf({ pid: process.pid, began: (readProcess(process.pid)?.began ?? 0) - 1 });
    await expect(isTaken()).resolves.toBe("done");
  });

  it("does not outlive the machine's start", async () => {
    lockOf({ pid: process.pid, began: readProcess(process.pid)?.began, boot: "another" });
    await expect(isTaken()).resolves.toBe("done");
  });

  it("takes over from a file that says nothing", async () => {
    writeFileSync(path, "");
    await expect(isTaken()).resolves.toBe("done");
  });
});
