import { chmod, copyFile, mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { UserError } from "../../terminal/userError.ts";
import { filesBelow } from "./recipe.ts";

/**
 * Copies a folder of this folder over a root file system, owned by root, programs as 0755 and all else as 0644: a checkout made
 * with another umask must not give another image.
 */
export async function copyRootFiles(folder: string, root: string): Promise<void> {
  for (const file of await filesBelow(folder)) {
    const source = join(import.meta.dirname, file);
    const target = join(root, file.slice(folder.length + 1));
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    await copyFile(source, target);
    await chmod(target, ((await stat(source)).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

/**
 * Unpacks Debian packages without installing them: no maintainer script runs, and this machine's own packages stay as they are.
 *
 * @param exclude tar patterns of files not wanted
 */
export async function unpackPackages(
  names: readonly string[],
  into: string,
  exclude: readonly string[] = [],
): Promise<void> {
  const downloads = `${into}.packages`;
  await mkdir(downloads, { recursive: true });
  await mkdir(into, { recursive: true, mode: 0o755 });
  // Not as user _apt, who may not write here.
  const download = ["download", "-q", "-o", "APT::Sandbox::User=root", ...names];
  const { failed, stderr } = await execa("apt-get", download, { cwd: downloads, reject: false });
  if (failed)
    throw new UserError(
      `${names.join(", ")} cannot be downloaded from Debian's archive:\n${stderr}\nMend that and run the same command again.`,
      1,
    );
  await execa(
    "sh",
    [
      "-euc",
      'for package in "$0"/*.deb; do dpkg-deb --fsys-tarfile "$package" | tar -x -C "$@"; done',
      downloads,
      into,
    ].concat(exclude.map((pattern) => `--exclude=${pattern}`)),
  );
  await execa("rm", ["-r", downloads]);
}
