import { existsSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { toolchainFolders } from "../toolchain/folders.ts";

const projectRoot = join(import.meta.dirname, "..");
const statusSchema = z.object({
  delayFix: z.boolean().optional(),
  pieces: z.array(z.object({ name: z.string(), version: z.string() })),
});

/** Which build of the OpenStack plugin: with the delay fix where the toolchain builds it, or as it is released. */
export type PluginKind = "usual" | "stock";

/** Variables with which `pulumi` and that plugin are found; installs them first where they are missing, which may take minutes. */
export async function pulumiEnvironment(kind: PluginKind): Promise<Record<string, string>> {
  if (kind === "stock") await keepBuilds();
  await toolchain(kind, ["install", ...(kind === "stock" ? ["--stock"] : [])]);
  return z.record(z.string(), z.string()).parse(JSON.parse(await toolchain(kind, ["env", "--json"])));
}

/** Version of the plugin as it says itself: `3.15.2+nodelay` has the fix. */
export async function pluginVersions(): Promise<Record<string, string>> {
  const status = statusSchema.parse(JSON.parse(await toolchain("usual", ["status", "--json"])));
  return Object.fromEntries(status.pieces.map(({ name, version }) => [name, version]));
}

/** Two builds of one plugin have the same name, so the second toolchain has a folder of its own. */
function cacheOf(kind: PluginKind): string {
  const usual = dirname(toolchainFolders().root);
  return kind === "usual" ? usual : join(usual, "bench-stock");
}

async function toolchain(kind: PluginKind, args: readonly string[]): Promise<string> {
  const env = { CLASSROOM_CACHE: cacheOf(kind) };
  const stdio = { stdin: "ignore", stderr: "inherit" } as const;
  return (await execa("node", ["toolchain/main.ts", ...args], { cwd: projectRoot, env, ...stdio })).stdout;
}

/** Only the plugin differs: nothing else is built a second time. */
async function keepBuilds(): Promise<void> {
  const [from, to] = [toolchainFolders().built, toolchainFolders({ CLASSROOM_CACHE: cacheOf("stock") }).built];
  if (!existsSync(from) || existsSync(to)) return;
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true });
}
