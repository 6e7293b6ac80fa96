import { randomUUID } from "node:crypto";
import { BroadcastChannel } from "node:worker_threads";
import { UserError } from "../terminal/userError.ts";
import { EnginePool } from "./enginePool.ts";
import type { EngineSettings } from "./engineSettings.ts";
import { breakDeadLock } from "./deadLock.ts";
import { readLockMessage } from "./lockMessage.ts";
import type { OperationResult } from "./operation.ts";

/** A stack without resources, whose lock is the lock of everything. Pulumi keeps it in the state, wherever that is. */
export const lockStackName = (name: string) => `${name}._operation`;

/**
 * Does the work while nobody else does: whoever comes second is refused at once, from whichever machine. Kept by Pulumi's own lock of a
 * stack of its own, so that it works in every place for state and dies with us.
 *
 * @param isNew whether the lock's stack is still to be made
 * @throws {UserError} naming who holds it
 */
export async function whileLocked<T>(
  settings: EngineSettings,
  name: string,
  isNew: boolean,
  work: () => Promise<T>,
): Promise<T> {
  const pool = new EnginePool(settings, 1);
  const channelName = `${name}-${randomUUID()}`;
  const channel = new BroadcastChannel(channelName);
  try {
    const stack = lockStackName(name);
    const program = { module: new URL("holdProgram.ts", import.meta.url).href, input: channelName };
    const hold = (makeIt: boolean): Promise<OperationResult | "held"> => {
      const held = new Promise<"held">((resolve) => {
        channel.onmessage = () => {
          resolve("held");
        };
      });
      ended = pool.run({ stack, action: "up", program, isNew: makeIt });
      return Promise.race([held, ended]);
    };
    let ended: Promise<OperationResult> | undefined;
    let answer = await hold(isNew);
    if (answer !== "held" && (await breakDeadLock(settings, answer))) answer = await hold(false);
    if (answer !== "held") throw refusal(answer);
    try {
      return await work();
    } finally {
      channel.postMessage("release");
      await ended;
    }
  } finally {
    channel.close();
    await pool.close();
  }
}

function refusal({ output, errors }: OperationResult): UserError {
  const [lock] = readLockMessage(output) ?? [];
  if (lock === undefined)
    return new UserError(`the state cannot be worked with:\n${errors.map(({ message }) => message).join("\n")}`);
  const { owner, host, pid, since } = lock;
  return new UserError(
    `${owner} on ${host} is working on this course (process ${pid}, since ${since}); nothing was changed. ` +
      `Try again when it has ended; classroom doctor says what to do when it never will`,
  );
}
