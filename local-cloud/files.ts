import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  chmodSync,
} from "node:fs";
import { dirname } from "node:path";
import type { ConfigFile } from "./program.ts";

/** Writes the file so that it is either whole or as it was, also when we are killed; nobody else can read it meanwhile. */
export function writeWhole({ path, text, mode = 0o600 }: ConfigFile): void {
  const temporary = `${path}.${process.pid}.new`;
  rmSync(temporary, { force: true });
  const file = openSync(temporary, "wx", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(temporary, mode);
  renameSync(temporary, path);
}

/** Writes the file unless it already says so; makes the folders above it. */
export function writeConfig(file: ConfigFile): void {
  const { path, text, mode = 0o600 } = file;
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path) && (statSync(path).mode & 0o777) === mode && readFileSync(path, "utf8") === text) return;
  writeWhole(file);
}

/** Of a log; empty when there is none. */
export function lastLines(path: string, count: number): string {
  return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n").slice(-count).join("\n") : "";
}
