import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../terminal/userError.ts";

export interface PollOptions {
  /** What is waited for, for the message when it does not come. */
  what: string;
  timeoutSeconds: number;
  /** Seconds between two looks. @default 1 */
  pauseSeconds?: number;
}

/**
 * Looks again and again until there is an answer.
 *
 * @throws {UserError} after the timeout.
 */
export async function poll<T>(
  look: () => Promise<T | undefined>,
  { what, timeoutSeconds, pauseSeconds = 1 }: PollOptions,
): Promise<T> {
  const end = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() >= end) throw new UserError(`${what} after ${timeoutSeconds} s`, 1);
    await sleep(pauseSeconds * 1000);
  }
}
