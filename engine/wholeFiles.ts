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
  makeWhole(file, randomBytes(32).toString("base64url"));
}

/**
 * Makes a file that is nobody else's to read, 0600, and whole from the first moment.
 *
 * @returns whether it is made; when not, it was there and is as it was
 */
export function makeWhole(file: string, text: string): boolean {
  return byDraft(file, (draft) => {
    writeFileSync(draft, text, { mode: 0o600 });
    return placeUnlessThere(draft, file);
  });
}

/**
 * Puts a whole draft in the file's place, unless another command was first. The draft is gone then.
 *
 * @returns whether it was put there
 */
export function placeUnlessThere(draft: string, file: string): boolean {
  try {
    // A link, unlike a rename, does not replace what another command has just made.
    linkSync(draft, file);
  } catch {
    if (existsSync(file)) return false;
    // This file system has no links.
    copyFileSync(draft, file, constants.COPYFILE_EXCL);
  } finally {
    rmSync(draft, { force: true });
  }
  return true;
}

/** Writes a file that is nobody else's to read, 0600, with the folders above it. Another command reads it either as it was or whole. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  byDraft(file, (draft) => {
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, file);
  });
}

/** Copies so that another command reads the file either as it was or whole. */
export function copyWhole(from: string, to: string): void {
  byDraft(to, (draft) => {
    copyFileSync(from, draft);
    renameSync(draft, to);
  });
}

/** Nothing is left of the draft, however it ends. */
function byDraft<T>(file: string, work: (draft: string) => T): T {
  const draft = draftOf(file);
  try {
    return work(draft);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Where a file is written before it takes its place. */
export const draftOf = (file: string) => `${file}.${process.pid}.new`;
