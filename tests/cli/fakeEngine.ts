import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Operation, OperationResult } from "../../engine/operation.ts";

/** What the engine was asked for since the test began: `preview net101.kim`, in order. */
export const operations: string[] = [];
/** Steps that a preview of a stack, or its update, tells; nothing is to be done otherwise. */
export const steps = new Map<string, OperationResult["steps"]>();

/** What the engine would write besides, by operation: `up net101.kim`. */
export const writes = new Map<string, () => void>();

/** In the place of the pool that starts `pulumi` processes: everything succeeds, and the states stay as they are. */
export class FakeEngine {
  interrupted = false;
  warm(): void {
    // Nothing is started.
  }
  run({ action, stack }: Operation): Promise<OperationResult> {
    operations.push(`${action} ${stack}`);
    writes.get(`${action} ${stack}`)?.();
    return Promise.resolve({
      ...{ stack, outcome: "done", errors: [], steps: steps.get(stack) ?? [], begun: true, changes: {} },
      ...{ outputs: {}, output: "", seconds: 0 },
    });
  }
  interrupt(): void {
    this.interrupted = true;
  }
  kill(): void {
    this.interrupted = true;
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

const stateSchema = z.looseObject({ checkpoint: z.looseObject({ latest: z.looseObject({}) }) });
const deploymentSchema = z.object({ deployment: z.looseObject({}) });

/** `pulumi stack init`, `export` and `import`, of states in a folder. */
export function runPulumi({ env }: { env: Readonly<Record<string, string>> }, args: readonly string[]) {
  const [, action = "", ...options] = args;
  const option = (name: string) => options[options.indexOf(name) + 1] ?? "";
  const file = join(
    fileURLToPath(env["PULUMI_BACKEND_URL"] ?? ""),
    ".pulumi/stacks/classroom",
    `${option("--stack")}.json`,
  );
  if (action === "init") writeFileSync(file, JSON.stringify({ version: 3, checkpoint: { latest: {} } }));
  const state = stateSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  operations.push(`${action} ${option("--stack")}`);
  if (action === "import") {
    const { deployment } = deploymentSchema.parse(JSON.parse(readFileSync(option("--file"), "utf8")));
    writeFileSync(file, JSON.stringify({ ...state, checkpoint: { ...state.checkpoint, latest: deployment } }));
  }
  return Promise.resolve({ exitCode: 0, stdout: JSON.stringify({ deployment: state.checkpoint.latest }), stderr: "" });
}
