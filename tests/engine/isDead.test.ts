import { once } from "node:events";
import { spawn } from "node:child_process";
import { hostname } from "node:os";
import { expect, it } from "vitest";
import { isDead } from "../../engine/deadLock.ts";

const lockOf = (pid: number, host = hostname()) => ({ owner: "lee", host, pid, since: "2026-11-21T10:00:00Z" });

it("a process that runs is not dead, and of another machine's nothing is known", () => {
  expect(isDead(lockOf(process.pid))).toBe(false);
  expect(isDead(lockOf(1, "elsewhere.invalid"))).toBe(false);
});

it.runIf(process.platform === "linux")(
  "one that has ended is dead, also while nobody has taken notice of its end",
  async () => {
    // What takes the shell's place knows nothing of the shell's child.
    const parent = spawn("bash", ["-c", "sleep 0.1 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
    const child = Number(String(await once(parent.stdout, "data")));
    expect(isDead(lockOf(child))).toBe(false);
    await expect.poll(() => isDead(lockOf(child)), { timeout: 5000 }).toBe(true);
    // It still has its number.
    expect(process.kill(child, 0)).toBe(true);
    parent.kill("SIGKILL");
    await once(parent, "exit");
  },
);
