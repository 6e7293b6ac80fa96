import type { Folders } from "./folders.ts";
import { type DownloadServer, whyUnreachable } from "./officialRelease.ts";
import { findPathPulumi } from "./pathPulumi.ts";
import { UserError } from "../terminal/userError.ts";
import type { Versions } from "./versions.ts";

/** Where something of the toolchain comes from, and why. */
export interface Source {
  from: "path" | "download" | "build";
  why: string;
}

/** Where the CLI (with its language host) and the plugins come from. */
export interface Sources {
  cli: Source;
  /** The `pulumi` on the PATH, when that is the CLI. */
  pathPulumi?: { file: string; version: string };
  plugins: Source;
}

/** What the user may insist on; without it the order is path, download, build. */
export type WantedSource = Source["from"] | undefined;

/**
 * Decides where to get the toolchain from: a fitting Pulumi on the PATH, else the official release, else a build.
 *
 * @throws UserError when the wanted source is not to be had
 */
export async function chooseSources(
  folders: Folders,
  versions: Versions,
  server: DownloadServer,
  wanted: WantedSource,
): Promise<Sources> {
  if (wanted === "build") return { cli: byWish("build"), plugins: byWish("build") };
  const onPath = wanted === "download" ? undefined : await findPathPulumi(versions.pulumi, [folders.bin]);
  const unreachable = await whyUnreachable(server, versions.pulumi);
  const plugins: Source =
    unreachable === undefined
      ? { from: "download", why: "official plugin" }
      : { from: "build", why: `${unreachable}, so it was built here` };

  if (onPath !== undefined && onPath.problem === undefined)
    return {
      cli: { from: "path", why: `${onPath.version} on the PATH fits the pinned ${versions.pulumi}` },
      pathPulumi: onPath,
      plugins,
    };
  const notOnPath = onPath === undefined ? "no pulumi on the PATH" : `${onPath.file} cannot be used: ${onPath.problem}`;
  if (wanted === "path") throw new UserError(`${notOnPath}.`);
  if (unreachable === undefined) {
    const cli = wanted === "download" ? byWish("download") : { from: "download" as const, why: notOnPath };
    return { cli, plugins };
  }
  if (wanted === "download") throw new UserError(`${unreachable}.`);
  return { cli: { from: "build", why: `${notOnPath}; ${unreachable}` }, plugins };
}

function byWish(from: "download" | "build"): Source {
  return { from, why: `asked for with --from ${from}` };
}
