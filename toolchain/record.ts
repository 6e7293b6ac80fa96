import { existsSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import type { Folders } from "./folders.ts";

const pieceSchema = z.strictObject({
  /** `pulumi`, `pulumi-language-nodejs`, `pulumi-resource-openstack` or `pulumi-resource-command`. */
  name: z.string(),
  /** What the piece itself reports; `+nodelay` marks the OpenStack plugin with the delay fix. */
  version: z.string(),
  /** `path`: was there before us; `download`: official release; `build`: built here from Go modules. */
  from: z.enum(["path", "download", "build"]),
  /** Why this one and not another. */
  why: z.string(),
  /** The program's file. */
  file: z.string(),
  /** Bytes of the file. */
  bytes: z.number(),
});

const recordSchema = z.strictObject({
  /** Stands for everything that was asked for: versions, Go sources, options. Another one means: install again. */
  request: z.string(),
  /** The folder that `pulumi` is in. */
  binFolder: z.string(),
  /** Whether Pulumi may fetch further plugins itself: not where it was built because nothing could be fetched. */
  mayFetchPlugins: z.boolean(),
  installedAt: z.iso.datetime(),
  pieces: z.array(pieceSchema),
});

/** One program of the toolchain, as installed. */
export type Piece = z.infer<typeof pieceSchema>;

/** What is installed. Written last, so that its presence means: complete. */
export type InstallationRecord = z.infer<typeof recordSchema>;

/** Reads the record; undefined when nothing is installed, only half of it, or files have gone since. */
export function readRecord(folders: Folders): InstallationRecord | undefined {
  if (!existsSync(folders.record)) return undefined;
  const parsed = recordSchema.safeParse(JSON.parse(readFileSync(folders.record, "utf8")));
  return parsed.success && parsed.data.pieces.every(({ file }) => existsSync(file)) ? parsed.data : undefined;
}

/** @throws UserError when there is no complete installation. */
export function requireRecord(folders: Folders): InstallationRecord {
  const record = readRecord(folders);
  if (record === undefined)
    throw new UserError("the toolchain is not installed: run `npm run toolchain -- install` first.");
  return record;
}

/** Replaces the record in one step. */
export async function writeRecord(folders: Folders, record: InstallationRecord): Promise<void> {
  const unfinished = `${folders.record}.new`;
  await writeFile(unfinished, `${JSON.stringify(record, undefined, 2)}\n`);
  await rename(unfinished, folders.record);
}
