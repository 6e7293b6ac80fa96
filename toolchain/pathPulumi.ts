import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { isAtLeast, majorOf } from "./semver.ts";

/** A Pulumi that was on this machine before us: usable, or why not. */
export type PathPulumi =
  { file: string; version: string; problem?: undefined } | { file: string; problem: string } | undefined;

/**
 * Looks for `pulumi` on the PATH.
 *
 * It is used when it has the pinned version or a later one with the same major number: an older engine lacks what the
 * npm SDK may ask it for, while engines stay compatible with older SDKs of their major version. Its Node.js language host
 * must lie beside it, as in every official release, because language host and engine belong together.
 *
 * @param ours folders that do not count
 */
export async function findPathPulumi(
  pinned: string,
  ours: readonly string[],
  path = process.env["PATH"] ?? "",
): Promise<PathPulumi> {
  const file = path
    .split(delimiter)
    .filter((folder) => folder !== "" && !ours.includes(folder))
    .map((folder) => join(folder, "pulumi"))
    .find(isExecutable);
  if (file === undefined) return undefined;
  const { stdout, failed } = await execa(file, ["version"], {
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    reject: false,
    timeout: 10_000,
  });
  const version = /^v?(\d+\.\d+\.\d+\S*)$/m.exec(stdout.trim())?.[1];
  if (failed || version === undefined) return { file, problem: "`pulumi version` does not answer with a version" };
  if (majorOf(version) !== majorOf(pinned) || !isAtLeast(version, pinned))
    return { file, problem: `it is ${version}; needed is ${pinned} or a later ${majorOf(pinned)}.x` };
  if (!existsSync(join(dirname(realpathSync(file)), "pulumi-language-nodejs")))
    return { file, problem: "pulumi-language-nodejs is not beside it" };
  return { file, version };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
