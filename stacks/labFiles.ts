import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Lab } from "../lab/labSchema.ts";
import { type Problem, problemText } from "../lab/problem.ts";
import { UserError } from "../terminal/userError.ts";

export interface LabFile {
  /** absolute */
  path: string;
  /** Of what is in it, so that a changed file is a change. */
  sha256: string;
}

/**
 * The files that a lab uploads, named relative to its document.
 *
 * @throws {UserError} naming every file that is not there.
 */
export function labFiles(
  lab: Lab,
  labFile: string,
): { images: Record<string, LabFile>; objects: Record<string, LabFile> } {
  const problems: Problem[] = [];
  const read = (path: string, name: string | undefined): LabFile | undefined => {
    if (name === undefined) return undefined;
    const file = resolve(dirname(labFile), name);
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === true)
      return { path: file, sha256: createHash("sha256").update(readFileSync(file)).digest("hex") };
    problems.push({ path, reason: `${file} is not a file` });
    return undefined;
  };
  const images = Object.entries(lab.class.images).map(
    ([name, { file }]) => [name, read(`class.images.${name}.file`, file)] as const,
  );
  const objects = Object.entries(lab.student.containers).flatMap(([container, { objects: entries }]) =>
    Object.entries(entries).map(
      ([name, { file }]) =>
        [`${container}/${name}`, read(`student.containers.${container}.objects.${name}.file`, file)] as const,
    ),
  );
  if (problems.length > 0) throw new UserError(problemText("The lab's files", problems));
  return { images: present(images), objects: present(objects) };
}

function present(entries: readonly (readonly [string, LabFile | undefined])[]): Record<string, LabFile> {
  return Object.fromEntries(entries.flatMap(([name, file]) => (file === undefined ? [] : [[name, file]])));
}
