import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a file with a new secret of 256 bits, 0600, unless it is there. Of several commands at once, all go on with the same one, and none
 * sees it half written.
 */
export function ensureSecretFile(file: string): void {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = draftOf(file);
  const secret = randomBytes(32).toString("base64url");
  writeFileSync(draft, secret, { mode: 0o600 });
  try {
    // A link, unlike a rename, does not replace what another command has just made.
    linkSync(draft, file);
  } catch {
    // Another command was first, or this file system has no links.
    if (!existsSync(file)) writeFileSync(file, secret, { mode: 0o600, flag: "wx" });
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Writes a file that is nobody else's to read, 0600, with the folders above it. Another command reads it either as it was or whole. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = draftOf(file);
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}

/** Copies so that another command reads the file either as it was or whole. */
export function copyWhole(from: string, to: string): void {
  const draft = draftOf(to);
  copyFileSync(from, draft);
  renameSync(draft, to);
}

const draftOf = (file: string) => `${file}.${process.pid}.new`;
