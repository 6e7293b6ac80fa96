import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { EngineSettings } from "./engineSettings.ts";
import type { Lock } from "./lockMessage.ts";
import { isDead } from "./deadLock.ts";
import { isFileError, parseJson, PROJECT, resourcesIn, stacksFolder } from "./stackStates.ts";

type Where = Pick<EngineSettings, "env">;

/** A stack whose file in a folder as backend is not as Pulumi leaves it. */
export interface BrokenStateFile {
  stack: string;
  file: string;
  /**
   * `behind`: the copy that is made before each writing is newer and different, so the writing did not come to its end. `attributes`: the
   * file is whole, but not the one with its attributes, so that Pulumi does not read it.
   */
  how: "missing" | "empty" | "damaged" | "behind" | "attributes";
  /** The newest copy that can be read; undefined when there is none. */
  goodCopy?: string;
  /** With `attributes`: the file that they are in. */
  attributes?: string;
}

/** A lock that is there, in a folder as backend. */
export interface LockFile {
  stack: string;
  file: string;
  /** Undefined when the file cannot be read. */
  lock?: Lock;
  /** `elsewhere`: on another machine, so that it cannot be told. */
  holder: "alive" | "dead" | "elsewhere";
}

/**
 * The stacks' files that a killed writer, a full disk or a power cut has left broken.
 *
 * @returns undefined when the state is not kept in a folder
 */
export function brokenStateFiles(settings: Where, wanted: (stack: string) => boolean): BrokenStateFile[] | undefined {
  const folder = stacksFolder(settings);
  if (folder === undefined) return undefined;
  // `<stack>.json`, `<stack>.json.bak`; a stack's name may have dots.
  const stacks = new Set(files(folder).flatMap((file) => /^(.+)\.json(\.bak)?$/.exec(file)?.[1] ?? []));
  return [...stacks]
    .filter(wanted)
    .sort()
    .flatMap((stack): BrokenStateFile[] => {
      const file = join(folder, `${stack}.json`);
      const how = brokenness(file);
      if (how === undefined) return [];
      if (how === "attributes") return [{ stack, file, how, attributes: attributesOf(file) }];
      const goodCopy = newestGoodCopy(file, stack, join(folder, "..", ".."));
      // A stack that was removed, when nothing was left in it, leaves its last copy behind.
      if (how === "missing" && (goodCopy === undefined || resourcesIn(readFileSync(goodCopy, "utf8")) === 0)) return [];
      return [{ stack, file, how, ...(goodCopy === undefined ? {} : { goodCopy }) }];
    });
}

/**
 * The file in which a folder as backend keeps type and checksum of another. It is emptied before each writing, so that a writer who is killed
 * then leaves it empty, and Pulumi reads the other no more: `failed to load checkpoint: EOF`. Without it, it reads as before.
 * https://github.com/google/go-cloud/blob/v0.46.0/blob/fileblob/attrs.go
 */
export const attributesOf = (file: string): string => `${file}.attrs`;

function brokenness(file: string): BrokenStateFile["how"] | undefined {
  const text = readIfThere(file);
  if (text === undefined) return "missing";
  if (text.trim() === "") return "empty";
  if (resourcesIn(text) === undefined) return "damaged";
  const attributes = readIfThere(attributesOf(file));
  if (attributes !== undefined && parseJson(attributes) === undefined) return "attributes";
  const copy = `${file}.bak`;
  const isBehind = existsSync(copy) && statSync(copy).mtimeMs > statSync(file).mtimeMs && isGood(copy);
  return isBehind && readFileSync(copy, "utf8") !== text ? "behind" : undefined;
}

/** Pulumi keeps the last state beside the file, one of each operation in `backups`, and one after each in `history`. */
function newestGoodCopy(file: string, stack: string, root: string): string | undefined {
  const kept = ["backups", "history"].flatMap((kind) => {
    const folder = join(root, kind, PROJECT, stack);
    return files(folder)
      .filter((name) => name.endsWith(".json") && !name.endsWith(".history.json"))
      .map((name) => join(folder, name));
  });
  return [`${file}.bak`, ...kept]
    .filter((copy) => existsSync(copy))
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs)
    .find(isGood);
}

const isGood = (file: string) => resourcesIn(readFileSync(file, "utf8")) !== undefined;
const files = (folder: string) => unlessGone(() => readdirSync(folder)) ?? [];
const readIfThere = (file: string) => unlessGone(() => readFileSync(file, "utf8"));

/** Whoever is at work meanwhile makes files and takes them away, between any two looks. */
function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isFileError(error) && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
    throw error;
  }
}

/** https://github.com/pulumi/pulumi/blob/pkg/v3.259.0/pkg/backend/diy/lock.go */
const lockSchema = z
  .object({ pid: z.number(), username: z.string(), hostname: z.string(), timestamp: z.string() })
  .transform(({ pid, username, hostname, timestamp }): Lock => ({
    ...{ owner: username, host: hostname, pid, since: timestamp },
  }));

/** Where a folder as backend keeps its locks, a folder for each stack; undefined when the state is not kept in a folder. */
export function locksFolder(settings: Where): string | undefined {
  const stacks = stacksFolder(settings);
  return stacks === undefined ? undefined : join(stacks, "..", "..", "locks", "organization", PROJECT);
}

/**
 * Who holds which stack, read from the files of the locks: no `pulumi` tells it without trying to work on the stack.
 *
 * @returns undefined when the state is not kept in a folder
 */
export function readLockFiles(settings: Where, wanted: (stack: string) => boolean): LockFile[] | undefined {
  const folder = locksFolder(settings);
  if (folder === undefined) return undefined;
  return files(folder)
    .filter(wanted)
    .sort()
    .flatMap((stack) =>
      files(join(folder, stack))
        .filter((name) => name.endsWith(".json"))
        .flatMap((name) => lockFile(stack, join(folder, stack, name))),
    );
}

function lockFile(stack: string, file: string): LockFile[] {
  const text = readIfThere(file);
  if (text === undefined) return [];
  const lock = lockSchema.safeParse(parseJson(text)).data;
  if (lock === undefined) return [{ stack, file, holder: "elsewhere" }];
  return [{ stack, file, lock, holder: isDead(lock) ? "dead" : isHere(lock) ? "alive" : "elsewhere" }];
}

/** A process that is not dead on this machine is alive; of others nothing can be told. */
const isHere = ({ host }: Lock) => host === hostname();
