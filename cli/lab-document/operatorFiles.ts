import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packstackFiles } from "../../lab/operatorFiles.ts";
import { readLab } from "../../labs/readLab.ts";
import { expandHome } from "../../terminal/expandHome.ts";
import { UserError } from "../../terminal/userError.ts";

/** Files for the operator of the lab's Packstack host, by name. */
export function operatorFiles(nameOrPath: string, students: number): Record<string, string> {
  const { file, lab } = readLab(nameOrPath);
  if (lab.class.packstackHost === undefined)
    throw new UserError(`${file} describes no Packstack host: say \`class.packstackHost\` first`);
  return packstackFiles(lab, students);
}

/** Each file under its name. */
export function operatorFilesText(files: Record<string, string>): string {
  return Object.entries(files)
    .map(([name, text]) => `==> ${name} <==\n${text}`)
    .join("\n");
}

/**
 * Writes the files into a folder, which is made where it is missing. A file that is there with another content is somebody's work: it
 * stays, and nothing is written.
 *
 * @returns the paths of the files
 */
export function writeOperatorFiles(folder: string, files: Record<string, string>): string[] {
  const target = expandHome(folder);
  const entries = Object.entries(files).map(([name, text]) => ({ path: join(target, name), text }));
  try {
    const changed = entries.filter(({ path, text }) => existsSync(path) && readFileSync(path, "utf8") !== text);
    if (changed.length > 0)
      throw new UserError(
        `${changed.map(({ path }) => path).join(", ")}: there already, with another content; move it away or choose another folder`,
      );
    mkdirSync(target, { recursive: true });
    for (const { path, text } of entries) writeFileSync(path, text);
  } catch (error) {
    if (error instanceof UserError || !(error instanceof Error)) throw error;
    throw new UserError(`the files cannot be written into ${target}: ${error.message}`);
  }
  return entries.map(({ path }) => path);
}
