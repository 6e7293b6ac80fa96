import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { cp, copyFile, mkdir, mkdtemp, readFile, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { DELAY_FIX_SUFFIX, copyWithoutDelay } from "./delayFix.ts";
import type { Folders } from "./folders.ts";
import type { GoEnvironment } from "./goCompiler.ts";
import { runLogged } from "./loggedCommand.ts";
import { goFolder, type Versions } from "./versions.ts";

const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const PLUGIN_SDK = "github.com/hashicorp/terraform-plugin-sdk/v2";

/** A program that can be built from Go modules. */
export interface GoBuild {
  /** The program's file name. */
  name: string;
  /** What it will report as its version. */
  version: string;
  /** The folder of its go.mod. */
  source: string;
  /** What to build in there. */
  package: string;
  /** The linker's setting for the version. */
  linkerFlags: string;
  /** Whether the folder has tests of its own that the program must pass. */
  tested: boolean;
  /** Where the program is when it has been built. The name changes with the version, the source and how it is built. */
  file: string;
  /** Work to be done in a copy of the source before the program is built. */
  prepare?: (build: PreparationContext) => Promise<void>;
}

export interface PreparationContext {
  /** A copy of the source, to be changed at will. */
  copy: string;
  go: GoEnvironment;
  run: (name: string, file: string, args: readonly string[]) => Promise<void>;
}

/** Everything that has to be built where nothing can be downloaded. */
export function goBuilds(folders: Folders, versions: Versions, delayFix: boolean): Promise<GoBuild[]> {
  return Promise.all(recipes(versions, delayFix).map((recipe) => goBuild(folders, recipe)));
}

/** All that is to be said of a program; where it goes follows from that. */
export type Recipe = Omit<GoBuild, "file">;

export async function goBuild(folders: Folders, recipe: Recipe): Promise<GoBuild> {
  const folder = `${recipe.name}-${recipe.version}-${await digestOf(recipe)}`;
  return { ...recipe, file: join(folders.built, folder, recipe.name) };
}

function recipes(versions: Versions, delayFix: boolean): Recipe[] {
  const openstack = `${versions.openstack}${delayFix ? DELAY_FIX_SUFFIX : ""}`;
  const openstackFlags = `-X classroom/toolchain/resource-openstack/mapping.Version=${openstack}`;
  return [
    {
      name: "pulumi",
      version: versions.pulumi,
      source: goFolder("pulumi-cli"),
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      linkerFlags: `-X ${VERSION_VARIABLE}=v${versions.pulumi}`,
      tested: false,
    },
    {
      name: "pulumi-language-nodejs",
      version: versions.pulumi,
      source: goFolder("language-nodejs"),
      package: ".",
      linkerFlags: `-X ${VERSION_VARIABLE}=v${versions.pulumi}`,
      tested: true,
    },
    {
      name: "pulumi-resource-command",
      version: versions.command,
      source: goFolder("resource-command"),
      package: ".",
      linkerFlags: `-X main.version=${versions.command}`,
      tested: true,
    },
    {
      name: "pulumi-resource-openstack",
      version: openstack,
      source: goFolder("resource-openstack"),
      package: "./provider",
      linkerFlags: openstackFlags,
      tested: false,
      prepare: async (context) => {
        if (delayFix) await replacePluginSdk(context);
        const generator = join(context.copy, "generate-schema");
        await context.run("build-schema-generator", "go", [
          "build",
          // Names each package: there is nothing else to report for minutes.
          "-v",
          "-ldflags",
          `-s -w ${openstackFlags}`,
          "-o",
          generator,
          "./generate",
        ]);
        await context.run("schema", generator, ["schema", "--out", "schema", "--skip-docs", "--skip-examples"]);
        await copyFile(join(context.copy, "schema", "schema.json"), join(context.copy, "provider", "schema.json"));
      },
    },
  ];
}

/** Gives the program a plugin SDK without the fixed waits: see delayFix.ts. */
export async function replacePluginSdk({ copy, go, run }: PreparationContext): Promise<void> {
  await run("download-plugin-sdk", "go", ["mod", "download", PLUGIN_SDK]);
  const { stdout } = await execa("go", ["list", "-m", "-json", PLUGIN_SDK], { cwd: copy, env: go });
  const { Dir: sdk } = z.object({ Dir: z.string() }).parse(JSON.parse(stdout));
  await copyWithoutDelay(sdk, join(copy, "terraform-plugin-sdk"));
  await run("replace-plugin-sdk", "go", ["mod", "edit", "-replace", `${PLUGIN_SDK}=./terraform-plugin-sdk`]);
}

/** Builds the program unless it is there. It appears in its folder only when it is complete and its tests have passed. */
export async function buildGo(
  folders: Folders,
  build: GoBuild,
  go: GoEnvironment,
  report: (line: string) => void,
): Promise<void> {
  const target = dirname(build.file);
  if (existsSync(target)) return;
  await mkdir(folders.unfinished, { recursive: true });
  const work = await mkdtemp(join(folders.unfinished, `${build.name}-`));
  const copy = join(work, "source");
  const result = join(work, "result");
  await cp(build.source, copy, { recursive: true });
  const run = (name: string, file: string, args: readonly string[]) =>
    runLogged(folders, { name: `${build.name}-${name}`, file, args, cwd: copy, env: go, report });
  await build.prepare?.({ copy, go, run });
  if (build.tested) await run("test", "go", ["test", "./..."]);
  const flags = ["-ldflags", `-s -w ${build.linkerFlags}`, "-o", join(result, build.name)];
  await run("build", "go", ["build", "-v", ...flags, build.package]);
  await mkdir(folders.built, { recursive: true });
  await rename(result, target);
  await rm(work, { recursive: true, force: true });
}

/** Ten characters that stand for everything the program is made from, apart from the Go compiler. */
async function digestOf(build: Recipe): Promise<string> {
  const files = (await readdir(build.source, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash("sha256").update([process.arch, build.package, build.linkerFlags].join("\n"));
  for (const file of files) hash.update(`\n${relative(build.source, file)}\n`).update(await readFile(file));
  // What we change in other people's source is part of the source.
  if (build.version.endsWith(DELAY_FIX_SUFFIX)) hash.update(readFileSync(join(import.meta.dirname, "delayFix.ts")));
  return hash.digest("hex").slice(0, 10);
}
