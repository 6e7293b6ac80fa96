import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { UserError } from "../terminal/userError.ts";
import type { Folders } from "./folders.ts";

/** Who does not get the lock within this time is told that it waits for somebody. */
const PATIENCE_MS = 500;

/**
 * Runs the work while no other process changes the toolchain, waiting for its turn if need be.
 *
 * The lock is the kernel's and is held by a small child, which ends with us, however we end: a killed installation leaves no
 * lock behind, and two that wait cannot both get it.
 */
export async function withLock<T>(folders: Folders, work: () => Promise<T>): Promise<T> {
  await mkdir(folders.root, { recursive: true });
  const holder = execa("flock", [join(folders.root, "lock"), "sh", "-c", "echo locked; exec cat"], {
    stdin: "pipe",
    buffer: false,
    reject: false,
  });
  const waiting = setTimeout(() => {
    console.error("Another process is changing the toolchain: waiting for it.");
  }, PATIENCE_MS);
  const locked = await new Promise<boolean>((resolve) => {
    holder.stdout.once("data", () => {
      resolve(true);
    });
    holder.stdout.once("close", () => {
      resolve(false);
    });
  });
  clearTimeout(waiting);
  if (!locked) throw new UserError(`cannot lock ${folders.root}: \`flock\` of util-linux is needed.`);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await holder;
  }
}
