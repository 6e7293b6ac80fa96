import "./seldomUsed.ts";
import { setMaxListeners } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import type { EngineSettings } from "./engineSettings.ts";
import type { Operation } from "./operation.ts";
import { runOperation } from "./runOperation.ts";

/**
 * A thread that runs one program after another. Not two at once: what goes wrong in a program reaches Pulumi's SDK by the process-wide
 * events of unhandled errors, which every program of the thread hears – one student's mistake would fail the others. What has no program, a
 * destroy, may run beside others of its kind.
 */
export type ToWorker = { kind: "run"; operation: Operation } | { kind: "interrupt" } | { kind: "kill" };

const port = parentPort;
if (port === null) throw new Error("engine/worker.ts runs only as a worker thread");
const settings = z.custom<EngineSettings>((value) => typeof value === "object").parse(workerData);
const interrupt = new AbortController();
const kill = new AbortController();
setMaxListeners(0, interrupt.signal, kill.signal);

port.on("message", (message: ToWorker) => {
  if (message.kind === "interrupt") interrupt.abort();
  else if (message.kind === "kill") kill.abort();
  else void run(message.operation);
});

async function run(operation: Operation): Promise<void> {
  const control = { interrupt: interrupt.signal, kill: kill.signal };
  const result = await runOperation(operation, settings, control, (progress) => port?.postMessage({ progress }));
  port?.postMessage({ result });
}
