import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { execa } from "execa";
import type { CourseStudent, LoadedCourse } from "../stacks/courseFolder.ts";
import { generatedKeyFile } from "../stacks/studentKey.ts";
import { UserError } from "../terminal/userError.ts";

/**
 * Generates a key pair, readable for its owner only, for each student whose roster row has no public key. Never overwrites one.
 *
 * @returns the ids of the students for whom one was made
 */
export async function ensureStudentKeys(loaded: LoadedCourse, students: readonly CourseStudent[]): Promise<string[]> {
  const without = students.filter(
    (student) => student.sshPublicKey === undefined && !existsSync(`${generatedKeyFile(loaded, student)}.pub`),
  );
  for (const student of without) {
    const file = generatedKeyFile(loaded, student);
    if (existsSync(file))
      throw new UserError(`${file} is there without its .pub; make it with: ssh-keygen -y -f ${file} > ${file}.pub`);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const comment = `${loaded.course.course}-${student.id}`;
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file], { stdin: "ignore" });
  }
  return without.map(({ id }) => id);
}
