import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { restoreDamagedStates } from "../../engine/restoreState.ts";

const WHOLE = JSON.stringify({ checkpoint: { latest: { resources: [] } } });

/** A folder as Pulumi keeps states in, with these files, each younger than the one before. */
function folderWith(files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), "restore-"));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  const stacks = join(root, ".pulumi", "stacks", "classroom");
  mkdirSync(stacks, { recursive: true });
  for (const [index, [name, text]] of Object.entries(files).entries()) {
    writeFileSync(join(stacks, name), text);
    utimesSync(join(stacks, name), index + 1, index + 1);
  }
  const restore = (isRecovered = false) =>
    restoreDamagedStates({ env: { PULUMI_BACKEND_URL: `file://${root}` } }, () => true, isRecovered);
  return { stacks, restore, read: (name: string) => readFileSync(join(stacks, name), "utf8") };
}

describe("a damaged state", () => {
  it.each(["", "\0\0\0", WHOLE.slice(0, 20)])("is as its good copy then, and kept beside it: %j", (damaged) => {
    const { restore, read } = folderWith({ "a.json.bak": WHOLE, "a.json": damaged });
    const [restored] = restore();
    expect(restored?.stack).toBe("a");
    expect(restored?.from).toMatch(/a\.json\.bak$/);
    expect(read("a.json")).toBe(WHOLE);
    expect(readFileSync(restored?.kept ?? "", "utf8")).toBe(damaged);
    expect(restore()).toEqual([]);
  });

  it("without a good copy stays as it is", () => {
    const { restore, read, stacks } = folderWith({ "a.json.bak": "torn, too", "a.json": "{" });
    expect(restore()).toEqual([]);
    expect([read("a.json"), readdirSync(stacks).length]).toEqual(["{", 2]);
  });

  it("without a good copy is put aside where what it made is taken from the cloud", () => {
    const { restore, stacks } = folderWith({ "a.json.bak": "torn, too", "a.json": "{" });
    expect(restore(true).map(({ stack, from }) => [stack, from])).toEqual([["a", undefined]]);
    expect(readdirSync(stacks).every((file) => file.includes(".damaged-"))).toBe(true);
  });

  it("is not one whose attributes a killed writer left empty: those go, so that Pulumi reads the state again", () => {
    const { restore, read, stacks } = folderWith({
      "a.json": WHOLE,
      "a.json.attrs": "",
      "b.json": WHOLE,
      "b.json.attrs": "{}",
    });
    expect(restore()).toEqual([]);
    expect(readdirSync(stacks).sort()).toEqual(["a.json", "b.json", "b.json.attrs"]);
    expect(read("a.json")).toBe(WHOLE);
  });

  it("that is replaced has the attributes of the one before no more", () => {
    const { restore, stacks } = folderWith({ "a.json.bak": WHOLE, "a.json": "", "a.json.attrs": "" });
    expect(restore()).toHaveLength(1);
    expect(existsSync(join(stacks, "a.json.attrs"))).toBe(false);
  });

  it("is not one that is whole, nor one that is gone", () => {
    const { restore, stacks } = folderWith({ "a.json.bak": WHOLE, "a.json": WHOLE, "b.json.bak": WHOLE });
    expect(restore()).toEqual([]);
    expect(existsSync(join(stacks, "b.json"))).toBe(false);
  });
});
