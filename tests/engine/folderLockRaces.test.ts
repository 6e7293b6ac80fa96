import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lockInFolder } from "../../engine/folderLock.ts";
import { readLockFiles } from "../../engine/stateFolder.ts";

vi.mock("node:fs", { spy: true });

const STACK = "net101._operation";
let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "races-"));
});
afterEach(() => {
  rmSync(state, { recursive: true });
});

const settings = () => ({ env: { PULUMI_BACKEND_URL: `file://${state}` } });
const locks = () => readLockFiles(settings(), () => true);
const fails = (code: string) => () => {
  throw Object.assign(new Error(`${code}: it failed`), { code, path: "/somewhere" });
};
function taken(): { release: () => void } {
  const lock = lockInFolder(settings(), STACK);
  if (lock === undefined || "holder" in lock) throw new Error("not locked");
  return lock;
}

describe("a lock whose holder ends at this moment", () => {
  it.each([
    ["its folder", readdirSync],
    ["its file", readFileSync],
  ])("is none, when %s goes while it is read", (_case, read) => {
    taken();
    vi.mocked(read).mockImplementationOnce(fails("ENOENT"));
    expect(locks()).toEqual([]);
    expect(locks()).toHaveLength(1);
  });

  it("may take the folder away before ours is in it", () => {
    // Made, and gone again.
    vi.mocked(mkdirSync).mockImplementationOnce(() => undefined);
    taken();
    expect(locks()).toHaveLength(1);
  });
});

it("leaves no folder behind without saying why", () => {
  const { release } = taken();
  vi.mocked(rmdirSync).mockImplementationOnce(fails("EACCES"));
  expect(release).toThrow("EACCES");
  vi.mocked(rmdirSync).mockImplementationOnce(fails("ENOTEMPTY"));
  release();
});
