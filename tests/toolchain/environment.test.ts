import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { environmentObject, environmentScript } from "../../toolchain/environment.ts";
import { type Folders, toolchainFolders } from "../../toolchain/folders.ts";
import { type InstallationRecord, writeRecord } from "../../toolchain/record.ts";
import { requestOf } from "../../toolchain/request.ts";
import { statusText, toolchainStatus } from "../../toolchain/status.ts";
import { readVersions } from "../../toolchain/versions.ts";

// Each starts a Node, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let cache: string;
let folders: Folders;
let record: InstallationRecord;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "it's a cache "));
  folders = toolchainFolders({ CLASSROOM_CACHE: cache });
  await mkdir(folders.bin, { recursive: true });
  const file = join(folders.bin, "pulumi-resource-openstack");
  await writeFile(file, "");
  record = {
    request: "",
    binFolder: folders.bin,
    mayFetchPlugins: false,
    installedAt: "2026-01-01T00:00:00.000Z",
    pieces: [
      {
        name: "pulumi-resource-openstack",
        version: "3.15.2+nodelay",
        from: "build",
        why: "no access",
        file,
        bytes: 47e6,
      },
    ],
  };
});
afterEach(() => rm(cache, { recursive: true, force: true }));

const main = join(import.meta.dirname, "..", "..", "toolchain", "main.ts");
const toolchain = (...args: string[]) =>
  execa(process.execPath, [main, ...args], { env: { CLASSROOM_CACHE: cache }, reject: false });

describe("toolchain env", () => {
  it("means the same to a shell and as an object, whatever characters the paths have", async () => {
    const print = `${environmentScript(folders, record)}"${process.execPath}" -p 'JSON.stringify(process.env)'`;
    const { stdout } = await execa("sh", ["-c", print]);
    const { PATH, ...others } = environmentObject(folders, record);
    const seen = z.record(z.string(), z.string()).parse(JSON.parse(stdout));
    expect(seen).toMatchObject(others);
    expect(seen["PATH"]?.split(delimiter).slice(0, 2)).toEqual(PATH?.split(delimiter).slice(0, 2));
  });
  it("has Pulumi's folder and ours first, and a private home", () => {
    const environment = environmentObject(folders, record);
    expect(environment["PATH"]?.split(delimiter).slice(0, 2)).toEqual([folders.bin, dirname(process.execPath)]);
    expect(environment["PULUMI_HOME"]).toBe(folders.home);
    expect(environment["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"]).toBe("true");
    expect(Object.keys(environment)).not.toContain("PULUMI_BACKEND_URL");
  });
  it("lets Pulumi fetch plugins where it can", () => {
    const environment = environmentObject(folders, { ...record, mayFetchPlugins: true });
    expect(Object.keys(environment)).not.toContain("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION");
  });
  it("is refused where nothing is installed", async () => {
    const { exitCode, stdout, stderr } = await toolchain("env");
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("npm run toolchain -- install");
  });
});

describe("toolchain status", () => {
  it("says what is used, from where and why, and whether the delay fix is in", async () => {
    await writeRecord(folders, record);
    const status = await toolchainStatus(folders, readVersions());
    expect(status).toMatchObject({
      installed: true,
      upToDate: false,
      delayFix: true,
      pieces: record.pieces,
      goCaches: false,
    });
    expect(statusText(status)).toMatch(/3\.15\.2\+nodelay .*built here .*47[^]*no access[^]*delay fix.*: yes/);
    expect(JSON.parse((await toolchain("status", "--json")).stdout)).toEqual(status);
  });
  it("knows an installation that is up to date from one that is not", async () => {
    for (const [stock, upToDate] of [
      [true, true],
      [false, true],
      [undefined, false],
    ] as const) {
      const request = stock === undefined ? "older" : await requestOf(folders, readVersions(), { stock });
      await writeRecord(folders, { ...record, request });
      expect((await toolchainStatus(folders, readVersions())).upToDate).toBe(upToDate);
    }
  });
  it("takes an installation whose files have gone for none", async () => {
    await writeRecord(folders, record);
    await rm(folders.bin, { recursive: true });
    expect(await toolchainStatus(folders, readVersions())).toMatchObject({ installed: false, pieces: [] });
  });
});

describe("toolchain remove", () => {
  it("deletes everything of the toolchain and nothing beside it", async () => {
    await writeRecord(folders, record);
    await writeFile(join(cache, "other"), "");
    expect((await toolchain("remove")).exitCode).toBe(0);
    expect((await execa("ls", [cache])).stdout).toBe("other");
    expect((await toolchain("remove")).exitCode).toBe(0);
  });
});
