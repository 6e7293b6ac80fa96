import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findPathPulumi } from "../../toolchain/pathPulumi.ts";
import { isAtLeast } from "../../toolchain/semver.ts";
import { fakePulumi } from "./releaseServer.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "toolchain-path-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("findPathPulumi", () => {
  it.each([
    ["3.259.0", undefined],
    ["3.260.1", undefined],
    ["3.258.9", "it is 3.258.9; needed is 3.259.0 or a later 3.x"],
    ["4.0.0", "it is 4.0.0; needed is 3.259.0 or a later 3.x"],
  ])("judges %s", async (version, problem) => {
    await fakePulumi(folder, version);
    const found = await findPathPulumi("3.259.0", [], folder);
    expect(found?.problem).toBe(problem);
    expect(found?.file).toBe(join(folder, "pulumi"));
  });
  it("wants the language host beside it", async () => {
    await fakePulumi(folder, "3.259.0", { host: false });
    expect((await findPathPulumi("3.259.0", [], folder))?.problem).toContain("pulumi-language-nodejs");
  });
  it("finds none in our own folder or in no folder", async () => {
    await fakePulumi(folder, "3.259.0");
    expect(await findPathPulumi("3.259.0", [folder], ["", folder].join(delimiter))).toBeUndefined();
  });
});

describe("isAtLeast", () => {
  it.each([
    ["1.26.8", "1.25.11", true],
    ["1.25.11", "1.25.11", true],
    ["1.25.9", "1.25.11", false],
    ["1.26", "1.25.11", true],
    ["1.25rc1", "1.25.11", false],
    ["3.15.2+nodelay", "3.15.2", true],
  ])("%s, %s: %s", (version, oldest, expected) => {
    expect(isAtLeast(version, oldest)).toBe(expected);
  });
});
