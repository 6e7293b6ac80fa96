import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import { home } from "./paths.ts";
import { readProcess } from "./processes.ts";

const Owner = z.object({ pid: z.number(), began: z.number(), boot: z.string(), doing: z.string() });
type Owner = z.infer<typeof Owner>;

/**
 * Does the work unless another process is changing the cloud. The lock of an owner that died counts for nothing: a process is known by
 * its number, the time it began and the boot it began in.
 *
 * @throws UserError naming the owner, at once.
 */
export async function withLock<T>(doing: string, work: () => Promise<T>, path = join(home, "lock")): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  take(path, doing);
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string, doing: string): void {
  const own = `${path}.${process.pid}`;
  const me: Owner = { pid: process.pid, began: readProcess(process.pid)?.began ?? 0, boot: bootId(), doing };
  writeFileSync(own, JSON.stringify(me), { mode: 0o600 });
  try {
    // A link appears whole or not at all, and fails when the name is taken.
    while (!tryLink(own, path)) {
      const owner = readOwner(path);
      if (owner !== undefined && isAlive(owner))
        throw new UserError(`"${owner.doing}" is running already (process ${owner.pid}): wait until it is done`);
      // Moved aside first: of several that find a dead owner, one succeeds.
      const dead = `${own}.dead`;
      try {
        renameSync(path, dead);
        rmSync(dead);
      } catch {
        // Another was faster.
      }
    }
  } finally {
    rmSync(own, { force: true });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function readOwner(path: string): Owner | undefined {
  try {
    return Owner.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined; // gone, or not ours: nobody alive holds it
  }
}

function isAlive({ pid, began, boot }: Owner): boolean {
  return boot === bootId() && readProcess(pid)?.began === began;
}

const bootId = () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
