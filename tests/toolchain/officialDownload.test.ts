import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { toolchainFolders } from "../../toolchain/folders.ts";
import { whyUnreachable } from "../../toolchain/officialRelease.ts";
import { readRecord } from "../../toolchain/record.ts";
import { readVersions } from "../../toolchain/versions.ts";
import { type ReleaseServer, fakePulumi, listen, startReleaseServer } from "./releaseServer.ts";

const versions = readVersions();
const main = join(import.meta.dirname, "..", "..", "toolchain", "main.ts");

// Each starts a Node or two, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let cache: string;
let server: ReleaseServer;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "toolchain-cache-"));
  server = await startReleaseServer(versions.pulumi);
});
afterEach(async () => {
  server.close();
  await rm(cache, { recursive: true, force: true });
});

/** Runs the command with a PATH that has neither Pulumi nor Go, unless `before` puts something in front of it. */
function toolchain(args: readonly string[], { url = server.url, before = "" } = {}) {
  return execa(process.execPath, [main, ...args], {
    env: {
      PATH: [before, "/usr/bin", "/bin"].join(delimiter),
      CLASSROOM_CACHE: cache,
      CLASSROOM_PULUMI_DOWNLOADS: url,
    },
    extendEnv: false,
    reject: false,
    all: true,
  });
}
const folders = () => toolchainFolders({ CLASSROOM_CACHE: cache });

describe("install from the official release", () => {
  it("downloads the CLI, checks it, has it fetch both plugins, and does nothing the second time", async () => {
    const first = await toolchain(["install"]);
    expect(first.exitCode, first.all).toBe(0);
    const record = readRecord(folders());
    expect(record?.pieces.map(({ name, version, from }) => [name, version, from])).toEqual([
      ["pulumi", versions.pulumi, "download"],
      ["pulumi-language-nodejs", versions.pulumi, "download"],
      ["pulumi-resource-command", versions.command, "download"],
      ["pulumi-resource-openstack", versions.openstack, "download"],
    ]);
    expect(record?.mayFetchPlugins).toBe(true);
    expect(await readFile(record?.pieces[3]?.file ?? "", "utf8")).toBe(
      `plugin install resource openstack ${versions.openstack} --reinstall --server ${server.url}/releases/plugins\n`,
    );
    const before = server.requests.length;
    const second = await toolchain(["install"]);
    expect(second.stdout).toBe("The toolchain is installed.");
    expect(server.requests.length).toBe(before);
  });

  it("refuses a release with a wrong checksum and leaves nothing of it", async () => {
    server.publishChecksum("f".repeat(64));
    const { exitCode, stderr } = await toolchain(["install"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("has the checksum");
    expect(stderr).toContain("should have ffff");
    expect(existsSync(folders().official)).toBe(false);
    expect(await readdir(folders().unfinished)).toEqual([]);
    expect(readRecord(folders())).toBeUndefined();
  });

  it("refuses a release that the checksums do not name", async () => {
    server.publishChecksum("");
    const { exitCode, stderr } = await toolchain(["install"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("checksum")]);
  });

  it("continues after it was killed in the middle of the download", async () => {
    const killed = toolchain(["install"]);
    server.stallOnce(() => killed.kill("SIGKILL"));
    expect((await killed).signal).toBe("SIGKILL");
    expect(existsSync(folders().official)).toBe(false);
    const { exitCode, all } = await toolchain(["install"]);
    expect(exitCode, all).toBe(0);
    expect(await readdir(folders().unfinished)).toEqual([]);
  });
});

describe("install without access to the official server", () => {
  it("says so at once when a download is insisted on", async () => {
    server.close();
    const { exitCode, stderr } = await toolchain(["install", "--from", "download"]);
    expect([exitCode, stderr]).toEqual([2, `error: ${server.url} cannot be reached (ECONNREFUSED).`]);
  });

  it("needs Go, and says which", async () => {
    server.close();
    const { exitCode, stderr } = await toolchain(["install"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`install Go ${versions.oldestGo} or newer, or Pulumi ${versions.pulumi}`);
  });

  it("gives up on a silent server within seconds", async () => {
    const silent = createServer(() => undefined);
    const began = performance.now();
    expect(await whyUnreachable({ base: await listen(silent), mirror: true }, versions.pulumi)).toContain(
      "cannot be reached",
    );
    expect(performance.now() - began).toBeLessThan(6000);
    silent.closeAllConnections();
    silent.close();
  });

  it("takes an error of the server for no access", async () => {
    const other = { base: `${server.url}/elsewhere`, mirror: true };
    expect(await whyUnreachable(other, versions.pulumi)).toBe(`${server.url}/elsewhere answers 404`);
  });
});

describe("install with a pulumi on the PATH", () => {
  it("uses it and only fetches the plugins", async () => {
    const before = join(cache, "theirs");
    await fakePulumi(before, versions.pulumi);
    const { exitCode, all } = await toolchain(["install"], { before });
    expect(exitCode, all).toBe(0);
    const record = readRecord(folders());
    expect(record?.binFolder).toBe(before);
    expect(record?.pieces.map(({ from }) => from)).toEqual(["path", "path", "download", "download"]);
    expect(server.requests.map((request) => request.split(" ")[0])).toEqual(["HEAD"]);
  });

  it("downloads another one when it is too old, and says why", async () => {
    const before = join(cache, "theirs");
    await fakePulumi(before, "3.100.0");
    await toolchain(["install"], { before });
    const pulumi = readRecord(folders())?.pieces[0];
    expect(pulumi?.from).toBe("download");
    expect(pulumi?.why).toContain(`it is 3.100.0; needed is ${versions.pulumi} or a later 3.x`);
  });
});
