import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../terminal/userError.ts";
import type { CourseStudent, LoadedCourse } from "./courseFolder.ts";

/** Where a generated key pair of a student lies, or would lie. */
export function generatedKeyFile({ hidden }: Pick<LoadedCourse, "hidden">, { id }: Pick<CourseStudent, "id">): string {
  return join(hidden, "keys", id);
}

export interface StudentKey {
  publicKey: string;
  /** As the ssh command names it, from the course's folder on; empty where only the student has it. */
  sshKeyFile: string;
}

/**
 * The student's own public key from the roster, or the generated one.
 *
 * @throws {UserError} when it is still to be generated
 */
export function studentKey(course: Pick<LoadedCourse, "hidden">, student: CourseStudent): StudentKey {
  if (student.sshPublicKey !== undefined) return { publicKey: student.sshPublicKey, sshKeyFile: "" };
  const file = generatedKeyFile(course, student);
  if (!existsSync(`${file}.pub`))
    throw new UserError(
      `${student.id} has no ssh_public_key in the roster, and none was generated yet; classroom up does it, or: ssh-keygen -t ed25519 -N '' -f ${file}`,
    );
  return { publicKey: readFileSync(`${file}.pub`, "utf8"), sshKeyFile: join(".classroom", "keys", student.id) };
}
