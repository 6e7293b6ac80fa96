import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { execa } from "execa";
import { draftOf, placeUnlessThere, writeWhole } from "../../engine/wholeFiles.ts";
import type { CourseStudent, LoadedCourse } from "../../stacks/courseFolder.ts";
import { generatedKeyFile } from "../../stacks/studentKey.ts";
import { UserError } from "../../terminal/userError.ts";

/**
 * Generates a key pair, readable for its owner only, for each student whose roster row has no public key. Never overwrites a private key:
 * where only the public one is missing, it is made of it again.
 *
 * @returns the ids of the students for whom a file was made
 * @throws {UserError} when a private key is damaged
 */
export async function ensureStudentKeys(
  loaded: Pick<LoadedCourse, "hidden" | "course">,
  students: readonly CourseStudent[],
): Promise<string[]> {
  const without = students.filter(
    (student) => student.sshPublicKey === undefined && isEmpty(`${generatedKeyFile(loaded, student)}.pub`),
  );
  for (const student of without) {
    const file = generatedKeyFile(loaded, student);
    const comment = `${loaded.course.course}-${student.id}`;
    if (!existsSync(file)) await generate(file, comment);
    writeWhole(`${file}.pub`, `${await publicKeyOf(file, student)} ${comment}\n`);
  }
  return without.map(({ id }) => id);
}

const isEmpty = (file: string) => !existsSync(file) || readFileSync(file, "utf8").trim() === "";

/** The private key alone: whoever is killed in the middle leaves a whole one or none. */
async function generate(file: string, comment: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = draftOf(file);
  const drafts = [draft, `${draft}.pub`];
  // Of a killed command that had our number.
  for (const each of drafts) rmSync(each, { force: true });
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", draft], { stdin: "ignore" });
  placeUnlessThere(draft, file);
  for (const each of drafts) rmSync(each, { force: true });
}

/** Its type and itself, without a comment. */
async function publicKeyOf(file: string, { id }: CourseStudent): Promise<string> {
  // Without -P it would ask for a passphrase.
  const made = await execa("ssh-keygen", ["-y", "-P", "", "-f", file], { stdin: "ignore", reject: false });
  const [type = "", key = ""] = made.stdout.split(/\s+/);
  if (made.exitCode === 0 && key !== "") return `${type} ${key}`;
  throw new UserError(
    `the private key ${file} has no .pub, and none can be made of it (${made.stderr.trim().split("\n").at(-1) ?? ""}); ` +
      `put both back from a copy, or delete ${file}: classroom up --students ${id} then makes a new pair, ` +
      "and with --allow-data-loss a new server where there is one",
  );
}
