import { randomUUID } from "node:crypto";
import { BroadcastChannel } from "node:worker_threads";
import { UserError } from "../terminal/userError.ts";
import { EnginePool } from "./enginePool.ts";
import type { EngineSettings } from "./engineSettings.ts";
import { breakDeadLock } from "./deadLock.ts";
import { lockInFolder } from "./folderLock.ts";
import { type Lock, readLockMessage } from "./lockMessage.ts";
import type { OperationResult } from "./operation.ts";
import { removeStack } from "./removeStack.ts";
import { readEachStack } from "./stackStates.ts";

/**
 * Does the work while nobody else does: whoever comes second is refused at once, from whichever machine.
 *
 * @param stack without resources, whose lock is the lock of everything; Pulumi keeps it in the state, wherever that is
 * @throws {UserError} naming who holds it
 */
export async function whileLocked<T>(settings: EngineSettings, stack: string, work: () => Promise<T>): Promise<T> {
  const lock = lockInFolder(settings, stack);
  if (lock === undefined) return whileStackLocked(settings, stack, work);
  if ("holder" in lock) throw heldBy(lock.holder);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** By Pulumi's own lock of a stack of its own, so that it works in every place for state and dies with us. */
async function whileStackLocked<T>(settings: EngineSettings, stack: string, work: () => Promise<T>): Promise<T> {
  const { states, unreadable } = await readEachStack(settings, (name) => name === stack);
  const isNew = states.size + unreadable.length === 0;
  const pool = new EnginePool(settings, 1);
  const channelName = `${stack}-${randomUUID()}`;
  const channel = new BroadcastChannel(channelName);
  try {
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
  return heldBy(lock);
}

function heldBy({ owner, host, pid, since }: Lock): UserError {
  return new UserError(
    `${owner} on ${host} is working on this course (process ${pid}, since ${since}); nothing was changed. ` +
      `Try again when it has ended; classroom doctor says what to do when it never will`,
  );
}

/** The stack whose lock was the lock goes with the last of the others. */
export async function removeLockStack(settings: EngineSettings, stack: string): Promise<void> {
  const { states } = await readEachStack(settings, (name) => name === stack);
  if (states.has(stack)) await removeStack(settings, stack);
}
