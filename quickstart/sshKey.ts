import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { execa } from "execa";
import { UserError } from "../terminal/userError.ts";

/**
 * Makes the key pair, mode 0600, unless both halves are there. ssh-keygen never overwrites.
 *
 * @throws {UserError} when only one half is there: the other cannot be guessed, and nothing is overwritten.
 */
export async function ensureSshKey(file: string): Promise<"made" | "kept"> {
  const halves = [file, `${file}.pub`].filter((half) => existsSync(half));
  if (halves.length === 2) return "kept";
  if (halves.length === 1)
    throw new UserError(
      `${halves.join("")} exists without its other half; move it away, or put ${file} and ${file}.pub there`,
    );
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "openstack-classroom", "-f", file]);
  return "made";
}
