import type { EnginePool } from "../../engine/enginePool.ts";
import { UserError } from "../../terminal/userError.ts";

/** Exit code of what was interrupted, as of a shell: 128 + SIGINT. */
export const INTERRUPTED = 130;

/** Ends a command that cannot go on, because what it needs was interrupted. */
export class Interrupted extends UserError {
  /** @param before what would have been next: "the class stack was done" */
  constructor(before: string) {
    super(`interrupted before ${before}; run the same command again to go on`, INTERRUPTED);
    this.name = "Interrupted";
  }
}

/** npm and other launchers pass on what the terminal has sent already: within so many milliseconds it is the same Ctrl-C. */
const SAME_PRESS_MS = 300;
/** After the second Ctrl-C: what has not ended by then, e.g. because the cloud does not answer, is left as by kill -9. */
const PATIENCE_MS = 2000;

/**
 * Ctrl-C once: what is in flight is ended and saved, nothing new is started. Twice: everything ends at once, and the next run picks up
 * what is left. The end of the terminal or of the machine counts as Ctrl-C.
 */
export async function stopOnInterrupt<T>(
  pool: Pick<EnginePool, "interrupt" | "kill">,
  work: () => Promise<T>,
): Promise<T> {
  let first: number | undefined;
  const stop = () => {
    const now = performance.now();
    if (first !== undefined && now - first < SAME_PRESS_MS) return;
    if (first === undefined) {
      first = now;
      console.error("\nstopping: what is in flight is finished and saved; press Ctrl-C again to stop at once");
      pool.interrupt();
    } else {
      console.error("\nstopped at once; run the same command again to pick up what is left");
      pool.kill();
      setTimeout(() => process.exit(INTERRUPTED), PATIENCE_MS).unref();
    }
    process.exitCode = INTERRUPTED;
  };
  process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);
  try {
    return await work();
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop).off("SIGHUP", stop);
  }
}
