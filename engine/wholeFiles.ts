import { randomBytes } from "node:crypto";
import { constants, copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a file with a new secret of 256 bits, 0600, unless it is there. Of several commands at once, all go on with the same one, and none
 * sees it half written.
 */
export function ensureSecretFile(file: string): void {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = draftOf(file);
  writeFileSync(draft, randomBytes(32).toString("base64url"), { mode: 0o600 });
  placeUnlessThere(draft, file);
}

/** Puts a whole draft in the file's place, unless another command was first. The draft is gone then. */
export function placeUnlessThere(draft: string, file: string): void {
  try {
    // A link, unlike a rename, does not replace what another command has just made.
    linkSync(draft, file);
  } catch {
    // Another command was first, or this file system has no links.
    if (!existsSync(file)) copyFileSync(draft, file, constants.COPYFILE_EXCL);
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

/** Where a file is written before it takes its place. */
export const draftOf = (file: string) => `${file}.${process.pid}.new`;
