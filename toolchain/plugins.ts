import { join } from "node:path";
import type { Folders } from "./folders.ts";
import { runLogged } from "./loggedCommand.ts";
import type { DownloadServer } from "./officialRelease.ts";

/** A provider plugin, in the version by which the npm SDK asks for it. */
export interface Plugin {
  /** E.g. `openstack`. */
  name: string;
  version: string;
}

/** Where Pulumi keeps a plugin. */
export function pluginFile(folders: Folders, { name, version }: Plugin): string {
  return join(folders.home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
}

/** Has Pulumi take over a plugin that was built here, instead of the one it has of that version. */
export async function installPluginFile(folders: Folders, pulumi: string, plugin: Plugin, file: string): Promise<void> {
  await installPlugin(folders, pulumi, plugin, ["--file", file]);
}

/** Has Pulumi download an official plugin, in the place of one that was built here. */
export async function downloadPlugin(
  folders: Folders,
  pulumi: string,
  plugin: Plugin,
  server: DownloadServer,
): Promise<void> {
  await installPlugin(folders, pulumi, plugin, server.mirror ? ["--server", `${server.base}/releases/plugins`] : []);
}

async function installPlugin(folders: Folders, pulumi: string, { name, version }: Plugin, options: readonly string[]) {
  await runLogged(folders, {
    name: `plugin-${name}`,
    file: pulumi,
    args: ["plugin", "install", "resource", name, version, "--reinstall", ...options],
    env: { PULUMI_HOME: folders.home, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
}
