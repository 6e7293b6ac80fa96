import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Folders, toolchainFolders } from "../../toolchain/folders.ts";
import { type GoBuild, goBuilds } from "../../toolchain/goBuilds.ts";
import { readRecord } from "../../toolchain/record.ts";
import { readVersions } from "../../toolchain/versions.ts";
import { fakePulumi } from "./releaseServer.ts";

// Each starts a Node, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const versions = readVersions();
const fixed = `${versions.openstack}+nodelay`;
let cache: string;
let folders: Folders;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "toolchain-builds-"));
  folders = toolchainFolders({ CLASSROOM_CACHE: cache });
});
afterEach(() => rm(cache, { recursive: true, force: true }));

async function openstackPlugin(delayFix: boolean): Promise<GoBuild> {
  const plugin = (await goBuilds(folders, versions, delayFix)).find(({ name }) => name === "pulumi-resource-openstack");
  if (plugin === undefined) throw new Error("there is no OpenStack plugin among the builds");
  return plugin;
}

/** The name of the first command that changes the plugin's source before it is built. */
async function firstPreparation({ prepare }: GoBuild): Promise<string> {
  const commands: string[] = [];
  const run = (name: string) => {
    commands.push(name);
    return Promise.reject(new Error("stopped by the test"));
  };
  await expect(prepare?.({ copy: cache, go: {}, run })).rejects.toThrow("stopped by the test");
  return commands.join();
}

describe("what is built", () => {
  it("has the delay fix in the OpenStack plugin alone, and says so in its version", async () => {
    const [withFix, stock] = await Promise.all([true, false].map((fix) => goBuilds(folders, versions, fix)));
    const of = (builds: readonly GoBuild[] = []) => builds.map(({ name, version }) => [name, version]);
    const others = [
      ["pulumi", versions.pulumi],
      ["pulumi-language-nodejs", versions.pulumi],
      ["pulumi-resource-command", versions.command],
    ];
    expect(of(withFix)).toEqual([...others, ["pulumi-resource-openstack", fixed]]);
    expect(of(stock)).toEqual([...others, ["pulumi-resource-openstack", versions.openstack]]);
    expect(withFix?.slice(0, 3).map(({ file }) => file)).toEqual(stock?.slice(0, 3).map(({ file }) => file));
  });

  it("keeps the plugins with and without the fix apart, and changes the plugin SDK for one of them only", async () => {
    const [withFix, stock] = [await openstackPlugin(true), await openstackPlugin(false)];
    expect(withFix.file).not.toBe(stock.file);
    expect(withFix.linkerFlags.split("=").at(-1)).toBe(fixed);
    expect(stock.linkerFlags.split("=").at(-1)).toBe(versions.openstack);
    expect(await firstPreparation(withFix)).toBe("download-plugin-sdk");
    expect(await firstPreparation(stock)).toBe("build-schema-generator");
  });
});

describe("install from what was built here", () => {
  it.each([
    { options: [], version: fixed, delayFix: true, said: "yes" },
    { options: ["--stock"], version: versions.openstack, delayFix: false, said: "no" },
  ])("with $options has the OpenStack plugin $version, and status says $said", async (wanted) => {
    // Both kinds are there: which one is taken is up to the options.
    for (const build of [...(await goBuilds(folders, versions, true)), await openstackPlugin(false)]) {
      await mkdir(dirname(build.file), { recursive: true });
      if (build.name === "pulumi") await fakePulumi(dirname(build.file), versions.pulumi, { host: false });
      else await writeFile(build.file, "");
    }
    const main = join(import.meta.dirname, "..", "..", "toolchain", "main.ts");
    const toolchain = (...args: string[]) =>
      execa(process.execPath, [main, ...args], { env: { CLASSROOM_CACHE: cache } });
    expect((await toolchain("install", "--from", "build", ...wanted.options)).stdout).toContain(
      `delay fix in the OpenStack plugin: ${wanted.said}\n`,
    );
    const plugin = readRecord(folders)?.pieces.find(({ name }) => name === "pulumi-resource-openstack");
    expect(plugin?.version).toBe(wanted.version);
    expect(await readFile(plugin?.file ?? "", "utf8")).toBe(
      `plugin install resource openstack ${versions.openstack} --reinstall --file ${(await openstackPlugin(wanted.delayFix)).file}\n`,
    );
    expect(JSON.parse((await toolchain("status", "--json")).stdout)).toMatchObject({
      upToDate: true,
      delayFix: wanted.delayFix,
    });
  });
});
