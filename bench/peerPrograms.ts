import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runSteps } from "../terminal/steps.ts";
import { toolchainFolders } from "../toolchain/folders.ts";
import {
  buildGo,
  type GoBuild,
  goBuild,
  type PreparationContext,
  type Recipe,
  replacePluginSdk,
} from "../toolchain/goBuilds.ts";
import { findGo } from "../toolchain/goCompiler.ts";
import { DELAY_FIX_SUFFIX } from "../toolchain/delayFix.ts";
import { withLock } from "../toolchain/lock.ts";

/** The programs of OpenTofu, built from their official sources. */
export interface PeerPrograms {
  tofu: string;
  /** The provider's version, without a mark for the fix. */
  providerVersion: string;
  /** The provider as it is, and with the delay fix that our own plugin has. */
  providers: Readonly<Record<ProviderKind, string>>;
}

export type ProviderKind = "stock" | "fast";

const TOFU = "github.com/opentofu/opentofu";
const PROVIDER = "github.com/terraform-provider-openstack/terraform-provider-openstack";

/** Beside the toolchain's own, and like these kept for ever: another version is another folder. */
const folders = toolchainFolders(process.env, "peers");

/**
 * Builds what is missing, which takes minutes the first time, and no network later on.
 *
 * @throws UserError when something cannot be built
 */
export function buildPeers(): Promise<PeerPrograms> {
  built ??= build();
  return built;
}
let built: Promise<PeerPrograms> | undefined;

async function build(): Promise<PeerPrograms> {
  const stock = providerRecipe(false);
  const [tofu, ...providers] = await Promise.all(
    [tofuRecipe(), stock, providerRecipe(true)].map((recipe) => goBuild(folders, recipe)),
  );
  const file = (build: GoBuild | undefined) => build?.file ?? "";
  const builds = [tofu, ...providers].filter((each) => each !== undefined);
  if (!builds.every((each) => existsSync(each.file))) await withLock(folders, () => buildMissing(builds));
  return {
    tofu: file(tofu),
    providerVersion: stock.version,
    providers: { stock: file(providers[0]), fast: file(providers[1]) },
  };
}

async function buildMissing(builds: readonly GoBuild[]): Promise<void> {
  const go = await findGo(folders, {
    oldestGo: pinned("opentofu", "go"),
    what: "OpenTofu",
    withoutGo: "OpenTofu is built from Go modules, and there is no Go: install it, or leave the variants `tofu-…` out.",
  });
  await runSteps(
    builds.map((build) => ({
      title: `Build ${build.name} ${build.version}`,
      skip: () => (existsSync(build.file) ? "there already" : undefined),
      run: (report: (line: string) => void) => buildGo(folders, build, go, report),
    })),
  );
  for (const left of [folders.unfinished, dirname(folders.goModules)]) await rm(left, { recursive: true, force: true });
}

function tofuRecipe(): Recipe {
  return {
    name: "tofu",
    version: pinned("opentofu", TOFU).slice(1),
    source: source("opentofu"),
    package: `${TOFU}/cmd/tofu`,
    // A release, as far as the program knows of itself.
    linkerFlags: `-X ${TOFU}/version.dev=no`,
    tested: false,
  };
}

function providerRecipe(delayFix: boolean): Recipe {
  const folder = "terraform-provider-openstack";
  return {
    name: folder,
    version: `${pinned(folder, PROVIDER).slice(1)}${delayFix ? DELAY_FIX_SUFFIX : ""}`,
    source: source(folder),
    package: PROVIDER,
    linkerFlags: "",
    tested: false,
    ...(delayFix ? { prepare: withoutDelay } : {}),
  };
}

async function withoutDelay(context: PreparationContext): Promise<void> {
  await replacePluginSdk(context);
  // Its own is Go 1.20, and the fix is written in a later one's words.
  await context.run("plugin-sdk-language", "go", ["mod", "edit", "-go=1.21", "terraform-plugin-sdk/go.mod"]);
}

const source = (folder: string) => join(import.meta.dirname, "go", folder);

/** What a go.mod of ours says: the version of a module, or of "go" itself. */
function pinned(folder: string, module: string): string {
  const file = join(source(folder), "go.mod");
  const found = readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.replace(/^require /, "").trim())
    .find((line) => line.startsWith(`${module} `));
  if (found === undefined) throw new Error(`${file} does not name ${module}`);
  return found.split(" ")[1] ?? "";
}
