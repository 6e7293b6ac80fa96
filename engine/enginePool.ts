import { setMaxListeners } from "node:events";
import { Worker } from "node:worker_threads";
import pLimit from "p-limit";
import type { EngineSettings } from "./engineSettings.ts";
import type { Operation, OperationResult, Progress } from "./operation.ts";
import type { ToWorker } from "./worker.ts";

type FromWorker = { progress: Progress } | { result: OperationResult };

/** Runs operations on stacks side by side, a few at a time, each in a `pulumi` process and, where it has a program, in a thread of its own. */
export class EnginePool {
  readonly #settings: EngineSettings;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  /** Runs everything that has no program: nothing can go wrong there that others would hear of. */
  #common: Worker | undefined;
  readonly #interrupt = new AbortController();

  /** @param parallel how many operations run at once */
  constructor(settings: EngineSettings, parallel: number) {
    this.#settings = settings;
    this.#limit = pLimit(parallel);
    // As many as there are students wait until something passes or this does.
    setMaxListeners(0, this.#interrupt.signal);
  }

  /** Starts one thread before there is anything to run: it takes half a second to load Pulumi's libraries. */
  warm(): void {
    if (this.#all.size === 0) this.#idle.push(this.#start());
  }

  /** Runs the operation as soon as there is room. After {@link interrupt} nothing new is started. */
  run(operation: Operation, report: (progress: Progress) => void = () => undefined): Promise<OperationResult> {
    return this.#limit(() => (this.interrupted ? notStarted(operation) : this.#run(operation, report)));
  }

  /** Starts nothing new; what is in flight is ended as soon as its steps in flight are done, and its state is saved. */
  interrupt(): void {
    this.#interrupt.abort();
    this.#tell({ kind: "interrupt" });
  }

  /** Ends everything at once; another run picks up what is left. */
  kill(): void {
    this.#interrupt.abort();
    this.#tell({ kind: "kill" });
  }

  get interrupted(): boolean {
    return this.#interrupt.signal.aborted;
  }

  /** For whoever waits before starting something new. */
  get interruption(): AbortSignal {
    return this.#interrupt.signal;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
    this.#all.clear();
  }

  #tell(message: ToWorker): void {
    for (const worker of this.#all) worker.postMessage(message);
  }

  async #run(operation: Operation, report: (progress: Progress) => void): Promise<OperationResult> {
    const hasProgram = operation.program !== undefined;
    const worker = hasProgram ? this.#free() : (this.#common ??= this.#free());
    try {
      const result = await this.#ask(worker, operation, report);
      if (hasProgram) this.#idle.push(worker);
      return result;
    } catch (error) {
      // The thread is gone with whatever it was doing; the others go on.
      this.#all.delete(worker);
      if (worker === this.#common) this.#common = undefined;
      return { ...notStarted(operation), outcome: "failed", errors: [{ message: String(error) }] };
    }
  }

  #free(): Worker {
    return this.#idle.pop() ?? this.#start();
  }

  #start(): Worker {
    const worker = new Worker(new URL("worker.ts", import.meta.url), { workerData: this.#settings });
    // As many as run at once hear of its end.
    worker.setMaxListeners(0);
    this.#all.add(worker);
    return worker;
  }

  #ask(worker: Worker, operation: Operation, report: (progress: Progress) => void): Promise<OperationResult> {
    return new Promise((resolve, reject) => {
      const listen = (message: FromWorker) => {
        if ("progress" in message) {
          if (message.progress.stack === operation.stack) report(message.progress);
        } else if (message.result.stack === operation.stack) {
          worker.off("message", listen).off("error", reject).off("exit", exited);
          resolve(message.result);
        }
      };
      const exited = () => {
        reject(new Error("the thread ended before the operation did"));
      };
      worker.on("message", listen).on("error", reject).on("exit", exited);
      const message: ToWorker = { kind: "run", operation };
      worker.postMessage(message);
    });
  }
}

function notStarted({ stack }: Operation): OperationResult {
  return {
    ...{
      stack,
      outcome: "interrupted",
      errors: [],
      steps: [],
      begun: false,
      changes: {},
      outputs: undefined,
      output: "",
    },
    seconds: 0,
  };
}
