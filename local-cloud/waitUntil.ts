import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../terminal/userError.ts";

/**
 * Asks until the answer is yes.
 *
 * @param waitingFor completes "gave up waiting for …"
 * @throws UserError after `seconds`, with what `explain` adds.
 */
export async function waitUntil(
  waitingFor: string,
  check: () => boolean | Promise<boolean>,
  options: { seconds: number; everyMs?: number; explain?: () => Promise<string> },
): Promise<void> {
  const { seconds, everyMs = 150, explain } = options;
  const deadline = performance.now() + seconds * 1000;
  while (!(await check())) {
    if (performance.now() > deadline) {
      const explanation = await explain?.();
      throw new UserError(
        `gave up waiting for ${waitingFor} after ${seconds} s${explanation ? `\n${explanation}` : ""}`,
        1,
      );
    }
    await sleep(everyMs);
  }
}
