import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** Where the recipes are: this folder. */
const home = import.meta.dirname;

/**
 * Fingerprint of everything an image is made from.
 *
 * @param parts files and folders of this folder
 * @returns 12 hexadecimal digits: they tell two recipes apart, nothing depends on them being hard to forge
 */
export async function recipeHash(parts: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const part of [...parts].sort()) {
    for (const file of await filesBelow(part)) {
      const { mode } = await stat(join(home, file));
      hash.update(`${file}\0${(mode & 0o100) === 0 ? "file" : "program"}\0`);
      hash.update(await readFile(join(home, file)));
      hash.update("\0");
    }
  }
  return hash.digest("hex").slice(0, 12);
}

/** The file itself, or every file in the folder and its folders, as paths from this folder, sorted. */
export async function filesBelow(part: string): Promise<string[]> {
  if ((await stat(join(home, part))).isFile()) return [part];
  const entries = await readdir(join(home, part), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(home.length + 1))
    .sort();
}
