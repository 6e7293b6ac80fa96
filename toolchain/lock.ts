import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import type { Folders } from "./folders.ts";

/** A lock whose owner was killed is free again after this time; a living owner renews it. */
const STALE_MS = 5_000;
/** An installation from nothing takes some ten minutes; after an hour something else is wrong. */
const LONGEST_WAIT_S = 3600;

/** Runs the work while no other process changes the toolchain, waiting for its turn if need be. */
export async function withLock<T>(folders: Folders, work: () => Promise<T>): Promise<T> {
  await mkdir(folders.root, { recursive: true });
  const options = { lockfilePath: join(folders.root, "lock"), stale: STALE_MS };
  const release = await lockfile.lock(folders.root, options).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "ELOCKED")) throw error;
    console.error("Another process is changing the toolchain, or was killed while it did: waiting for it.");
    const retries = { retries: LONGEST_WAIT_S, factor: 1, minTimeout: 1000, maxTimeout: 1000 };
    return lockfile.lock(folders.root, { ...options, retries });
  });
  try {
    return await work();
  } finally {
    await release();
  }
}
