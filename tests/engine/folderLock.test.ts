import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockInFolder } from "../../engine/folderLock.ts";
import { readLockFiles } from "../../engine/stateFolder.ts";

const STACK = "net101._operation";
let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "lock-"));
});
afterEach(() => {
  rmSync(state, { recursive: true });
});

const settings = () => ({ env: { PULUMI_BACKEND_URL: `file://${state}` } });
const locks = () => readLockFiles(settings(), () => true);

function leave(name: string, holder: object | string): string {
  const file = join(state, ".pulumi/locks/organization/classroom", STACK, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof holder === "string" ? holder : JSON.stringify(holder));
  return file;
}
const somebody = { pid: 4711, username: "lee", hostname: "elsewhere.invalid", timestamp: "2026-11-21T10:00:00Z" };

describe("the lock of a course whose state is in a folder", () => {
  it("is held by us as Pulumi would hold it, and gone afterwards", () => {
    const lock = lockInFolder(settings(), STACK);
    expect(locks()).toMatchObject([
      {
        stack: STACK,
        holder: "alive",
        lock: { pid: process.pid, host: hostname(), owner: userInfo().username },
      },
    ]);
    if (lock === undefined || "holder" in lock) throw new Error("not locked");
    lock.release();
    expect(locks()).toEqual([]);
    expect(readdirSync(join(state, ".pulumi/locks/organization/classroom"))).toEqual([]);
  });

  it("is had by one at a time, and whoever comes second is told who has it", () => {
    const first = lockInFolder(settings(), STACK);
    expect(lockInFolder(settings(), STACK)).toMatchObject({ holder: { pid: process.pid } });
    expect(locks()).toHaveLength(1);
    if (first !== undefined && "release" in first) first.release();
    expect(lockInFolder(settings(), STACK)).toHaveProperty("release");
  });

  it("is not had while somebody on another machine may have it", () => {
    leave("theirs.json", somebody);
    expect(lockInFolder(settings(), STACK)).toEqual({
      holder: { owner: "lee", host: "elsewhere.invalid", pid: 4711, since: somebody.timestamp },
    });
    expect(locks()).toHaveLength(1);
  });

  it("is not had while there is one that cannot be read", () => {
    leave("half.json", '{"pid": 47');
    expect(lockInFolder(settings(), STACK)).toHaveProperty("holder");
  });

  it("is taken from a process of this machine that is dead", async () => {
    const dead = execa("true");
    const pid = dead.pid ?? 0;
    await dead;
    leave("dead.json", { ...somebody, pid, hostname: hostname() });
    expect(lockInFolder(settings(), STACK)).toHaveProperty("release");
    expect(locks()).toMatchObject([{ lock: { pid: process.pid } }]);
  });

  it("says why when the folder cannot be written to", () => {
    writeFileSync(join(state, ".pulumi"), "a file, not a folder");
    expect(() => lockInFolder(settings(), STACK)).toThrow(/the state cannot be worked with: ENOTDIR/);
  });

  it("is none of a folder where the state is elsewhere", () => {
    expect(lockInFolder({ env: { PULUMI_BACKEND_URL: "s3://classes" } }, STACK)).toBeUndefined();
  });
});
