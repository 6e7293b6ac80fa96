import { existsSync } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Step, runSteps } from "../terminal/steps.ts";
import { removeOldBuilds, assembleBin } from "./builtPrograms.ts";
import { DELAY_FIX_SUFFIX } from "./delayFix.ts";
import type { Folders } from "./folders.ts";
import { type GoBuild, buildGo, goBuilds } from "./goBuilds.ts";
import { findGo } from "./goCompiler.ts";
import { withLock } from "./lock.ts";
import { downloadRelease, downloadServer, officialFolder } from "./officialRelease.ts";
import { type Plugin, downloadPlugin, installPluginFile, pluginFile } from "./plugins.ts";
import { type InstallationRecord, type Piece, readRecord, writeRecord } from "./record.ts";
import { requestOf } from "./request.ts";
import { type Sources, type WantedSource, chooseSources } from "./source.ts";
import type { Versions } from "./versions.ts";

/** What the user may choose. */
export interface InstallOptions {
  /** Build the OpenStack plugin without the delay fix. */
  stock: boolean;
  /** Insist on one source instead of taking the first that is to be had. */
  from: WantedSource;
  /** Keep the Go caches (gigabytes) for building again. */
  keepGoCaches: boolean;
}

/**
 * Installs the toolchain, or finds that it is installed. May be killed at any moment and run again: finished parts are kept.
 *
 * @returns what is installed, and whether it was there already
 */
export async function install(
  folders: Folders,
  versions: Versions,
  options: InstallOptions,
): Promise<{ record: InstallationRecord; already: boolean }> {
  const request = await requestOf(folders, versions, options);
  const there = findInstalled(folders, request, options);
  const cachesAreLeft = !options.keepGoCaches && existsSync(goCaches(folders));
  if (there !== undefined && !cachesAreLeft) return { record: there, already: true };
  return withLock(folders, async () => {
    const meanwhile = findInstalled(folders, request, options);
    if (meanwhile !== undefined) {
      if (cachesAreLeft) await runSteps([cleaning(folders, versions)]);
      return { record: meanwhile, already: true };
    }
    await rm(folders.unfinished, { recursive: true, force: true });
    const server = downloadServer();
    const sources = await chooseSources(folders, versions, server, options.from);
    const work = await planWork(folders, versions, sources, options);
    await runSteps(await work.preparations());
    // From here on what is in place changes: until all of it has, nobody may take it for an installation.
    await rm(folders.record, { force: true });
    await runSteps(work.steps);
    const record = {
      request,
      binFolder: work.binFolder,
      mayFetchPlugins: sources.plugins.from === "download",
      installedAt: new Date().toISOString(),
      pieces: await Promise.all(work.pieces.map(async (piece) => ({ ...piece, bytes: (await stat(piece.file)).size }))),
    };
    await writeRecord(folders, record);
    return { record, already: false };
  });
}

function findInstalled(folders: Folders, request: string, { from }: InstallOptions): InstallationRecord | undefined {
  const record = readRecord(folders);
  if (record?.request !== request) return undefined;
  return from === undefined || record.pieces[0]?.from === from ? record : undefined;
}

interface Work {
  /** Builds, which change nothing that is in use. Checks first what they need, and refuses before the first has begun. */
  preparations: () => Promise<Step[]>;
  steps: Step[];
  binFolder: string;
  pieces: Omit<Piece, "bytes">[];
}

async function planWork(
  folders: Folders,
  versions: Versions,
  sources: Sources,
  options: InstallOptions,
): Promise<Work> {
  const builds = await goBuilds(folders, versions, !options.stock);
  const isPlugin = ({ name }: GoBuild) => name.startsWith("pulumi-resource-");
  const cli = planCli(
    folders,
    versions,
    sources,
    builds.filter((build) => !isPlugin(build)),
  );
  const plugins = planPlugins(folders, sources, builds.filter(isPlugin), join(cli.binFolder, "pulumi"));
  const toBuild = builds.filter((build) => (isPlugin(build) ? sources.plugins : sources.cli).from === "build");
  return {
    binFolder: cli.binFolder,
    pieces: [...cli.pieces, ...plugins.pieces],
    preparations: () => planBuilds(folders, versions, toBuild),
    steps: [
      ...cli.steps,
      ...plugins.steps,
      ...(options.keepGoCaches || toBuild.length === 0 ? [] : [cleaning(folders, versions)]),
    ],
  };
}

async function planBuilds(folders: Folders, versions: Versions, builds: readonly GoBuild[]): Promise<Step[]> {
  const missing = builds.filter(({ file }) => !existsSync(file));
  if (missing.length === 0) return [];
  const { oldestGo, pulumi } = versions;
  const withoutGo =
    "there is no Pulumi on the PATH, none could be downloaded, and without Go none can be built: " +
    `install Go ${oldestGo} or newer, or Pulumi ${pulumi}.`;
  const go = await findGo(folders, { oldestGo, what: "the Pulumi toolchain", withoutGo });
  return missing.map((build) => ({
    title: `Build ${build.name} ${build.version}`,
    run: (report) => buildGo(folders, build, go, report),
  }));
}

interface Part {
  steps: Step[];
  pieces: Omit<Piece, "bytes">[];
}

function planCli(
  folders: Folders,
  { pulumi: version }: Versions,
  sources: Sources,
  builds: readonly GoBuild[],
): Part & { binFolder: string } {
  const host = "pulumi-language-nodejs";
  const pieces = (folder: string, shown: string) =>
    ["pulumi", host].map((name) => ({ name, version: shown, ...sources.cli, file: join(folder, name) }));
  if (sources.pathPulumi !== undefined) {
    const binFolder = join(sources.pathPulumi.file, "..");
    return { binFolder, steps: [], pieces: pieces(binFolder, sources.pathPulumi.version) };
  }
  if (sources.cli.from === "download") {
    const binFolder = officialFolder(folders, version);
    const title = `Download Pulumi ${version}`;
    const run = (report: (line: string) => void) => downloadRelease(folders, downloadServer(), version, report);
    const skip = () => (existsSync(binFolder) ? "there already" : undefined);
    return { binFolder, steps: [{ title, skip, run }], pieces: pieces(binFolder, version) };
  }
  const put = { title: `Put Pulumi ${version} together`, run: () => assembleBin(folders, builds) };
  return { binFolder: folders.bin, steps: [put], pieces: pieces(folders.bin, version) };
}

function planPlugins(folders: Folders, { plugins: source }: Sources, builds: readonly GoBuild[], pulumi: string): Part {
  const parts = builds.map((build) => {
    // The folder's version is what the npm SDK asks for, without our mark.
    const plugin: Plugin = {
      name: build.name.replace("pulumi-resource-", ""),
      version: build.version.replace(DELAY_FIX_SUFFIX, ""),
    };
    const isBuilt = source.from === "build";
    return {
      step: {
        title: `Install plugin ${plugin.name} ${isBuilt ? build.version : plugin.version}`,
        run: async () => {
          await (isBuilt
            ? installPluginFile(folders, pulumi, plugin, build.file)
            : downloadPlugin(folders, pulumi, plugin, downloadServer()));
        },
      },
      piece: {
        name: build.name,
        version: isBuilt ? build.version : plugin.version,
        ...source,
        file: pluginFile(folders, plugin),
      },
    };
  });
  return { steps: parts.map(({ step }) => step), pieces: parts.map(({ piece }) => piece) };
}

/** The folder of both Go caches. */
const goCaches = (folders: Folders) => dirname(folders.goModules);

function cleaning(folders: Folders, versions: Versions): Step {
  return {
    title: "Delete the Go caches and outdated builds",
    run: async () => {
      await removeOldBuilds(folders, versions);
      await rm(folders.unfinished, { recursive: true, force: true });
      await rm(goCaches(folders), { recursive: true, force: true });
    },
  };
}
