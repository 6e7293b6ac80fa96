import { chmod, copyFile, link, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Folders } from "./folders.ts";
import { type GoBuild, goBuilds } from "./goBuilds.ts";
import { type Versions, toolchainFolder } from "./versions.ts";

/** Runs dynamic providers; a script of the npm package, which the CLI looks for beside itself. */
const DYNAMIC_PROVIDER = "pulumi-resource-pulumi-nodejs";

/** Puts the CLI and the programs that it looks for beside itself into the bin folder. */
export async function assembleBin(folders: Folders, builds: readonly GoBuild[]): Promise<void> {
  await mkdir(folders.bin, { recursive: true });
  for (const build of builds) await put(build.file, join(folders.bin, build.name));
  const script = join(toolchainFolder, "..", "node_modules", "@pulumi", "pulumi", DYNAMIC_PROVIDER);
  const copy = join(folders.bin, `${DYNAMIC_PROVIDER}.new`);
  await copyFile(script, copy);
  await chmod(copy, 0o755);
  await rename(copy, join(folders.bin, DYNAMIC_PROVIDER));
}

/** A second name for the file, or a copy where the file system knows no links; replaces what is there in one step. */
async function put(file: string, place: string): Promise<void> {
  const unfinished = `${place}.new`;
  await rm(unfinished, { force: true });
  await link(file, unfinished).catch(() => copyFile(file, unfinished));
  await rename(unfinished, place);
}

/** Deletes what was built of other sources or versions. Both kinds of the OpenStack plugin are kept. */
export async function removeOldBuilds(folders: Folders, versions: Versions): Promise<void> {
  const current = await Promise.all([true, false].map((delayFix) => goBuilds(folders, versions, delayFix)));
  const kept = new Set(current.flat().map(({ file }) => dirname(file)));
  for (const name of await readdir(folders.built)) {
    const folder = join(folders.built, name);
    if (!kept.has(folder)) await rm(folder, { recursive: true, force: true });
  }
}
