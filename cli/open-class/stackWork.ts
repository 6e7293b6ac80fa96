import { setTimeout as sleep } from "node:timers/promises";
import type { EnginePool } from "../../engine/enginePool.ts";
import type { EngineSettings } from "../../engine/engineSettings.ts";
import { breakDeadLock } from "../../engine/deadLock.ts";
import type { Operation, OperationResult } from "../../engine/operation.ts";
import { readLockMessage } from "../../engine/lockMessage.ts";
import { RetryPolicy, worthRetrying } from "../../engine/retry.ts";
import { runTasks } from "../../terminal/tasks.ts";
import { UserError } from "../../terminal/userError.ts";
import { plainErrors } from "./plainErrors.ts";

/** One stack's work, as it is shown. */
export interface StackWork {
  title: string;
  operation: Operation;
  /** What is put right before the first try, once there is room for it. */
  prepare?: (report: (line: string) => void) => Promise<Partial<Operation>>;
  /** What is put right before another try, e.g. what the first one left behind. */
  beforeRetry?: (failed: OperationResult, report: (line: string) => void) => Promise<Partial<Operation>>;
  /** Whoever else makes or holds the stack at this moment is waited for. @default false */
  waitsForOthers?: boolean;
  /** What is shown beside the title at the end. */
  summary?: (result: OperationResult) => string;
}

/** What runs operations. */
export type StackPool = Pick<EnginePool, "run" | "interrupted" | "interruption">;

/** Pulumi counts what a plan allows, and takes the rest of it for what never happened. */
const USED_UP =
  "it was held to a saved plan, which an update that has begun uses up; classroom preview shows what is left to do, classroom up does it";

/** How long the work of others is waited for, and how often is looked. */
const OTHERS_SECONDS = { longest: 900, pause: 3 };

/** Works on all stacks side by side and shows how far each is. One that fails never stops another; the results say how each ended. */
export async function workOnStacks(
  pool: StackPool,
  settings: EngineSettings,
  works: readonly StackWork[],
): Promise<OperationResult[]> {
  return runTasks(
    works.map(({ title, summary = () => "", ...work }) => ({
      title,
      run: async (report, tell) => {
        const result = await withRetries(pool, settings, work, report, tell);
        const { outcome, errors } = result;
        if (outcome === "done") return { value: result, note: summary(result) };
        const [first = ""] = plainErrors(errors.map(({ message }) => message));
        return { value: result, failed: outcome === "interrupted" ? "interrupted" : first };
      },
    })),
  );
}

async function withRetries(
  pool: StackPool,
  settings: EngineSettings,
  { operation, prepare, beforeRetry, waitsForOthers = false }: Omit<StackWork, "title" | "summary">,
  report: (line: string) => void,
  tell: (line: string) => void,
): Promise<OperationResult> {
  let putRight = prepare;
  const patience = performance.now() + OTHERS_SECONDS.longest * 1000;
  const policy = new RetryPolicy();
  for (;;) {
    const result = await tryOnce(putRight);
    if (result.outcome !== "failed" || pool.interrupted) return result;
    if (operation.plan !== undefined && operation.action === "up" && result.begun)
      return { ...result, errors: [...result.errors, { message: USED_UP }] };
    const unlocked = await breakDeadLock(settings, result);
    if (!unlocked && waitsForOthers && readLockMessage(result.output) !== undefined && performance.now() < patience) {
      report("somebody else is at it, waiting");
      if (!(await pauseFor(OTHERS_SECONDS.pause))) return result;
      putRight = undefined;
      continue;
    }
    const pause = policy.pauseAfter(result);
    if (pause === undefined || (!unlocked && !worthRetrying(result))) return result;
    if (!unlocked) {
      tell(`failed, tried again in ${Math.round(pause)} s`);
      if (!(await pauseFor(pause))) return result;
    }
    putRight = beforeRetry === undefined ? undefined : () => beforeRetry(result, report);
  }

  /** @returns whether to go on: nothing new is started after Ctrl-C, so nothing is waited for either */
  async function pauseFor(seconds: number): Promise<boolean> {
    try {
      await sleep(seconds * 1000, undefined, { signal: pool.interruption });
    } catch (error) {
      if (!pool.interrupted) throw error;
    }
    return !pool.interrupted;
  }

  async function tryOnce(prepareIt: StackWork["prepare"]): Promise<OperationResult> {
    try {
      const changes = pool.interrupted ? {} : await prepareIt?.(report);
      return await pool.run({ ...operation, ...changes }, ({ done, working }) => {
        report(`${done} resources${working === undefined ? "" : `, ${shortType(working)}`}`);
      });
    } catch (error) {
      // One student's cloud or state that cannot be asked is that student's failure alone.
      if (!(error instanceof UserError)) throw error;
      return failure(operation.stack, error.message);
    }
  }
}

function failure(stack: string, message: string): OperationResult {
  return {
    ...{
      stack,
      outcome: "failed",
      errors: [{ message }],
      steps: [],
      begun: false,
      changes: {},
      outputs: undefined,
      output: message,
    },
    seconds: 0,
  };
}

/** `openstack:compute/instance:Instance` is an Instance to people. */
function shortType(type: string): string {
  return type.split(":").at(-1) ?? type;
}
