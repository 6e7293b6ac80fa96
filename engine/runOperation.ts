import * as pulumi from "@pulumi/pulumi";
import {
  type EngineEvent,
  LocalWorkspace,
  type PulumiFn,
  Stack,
  type StepEventMetadata,
} from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";
import type { EngineSettings } from "./engineSettings.ts";
import { Patience } from "./patience.ts";
import type { EngineError, Operation, OperationResult, Program, Progress, ProgramReference } from "./operation.ts";
import { type ProcessControl, PulumiFailed } from "./pulumiProcess.ts";
import { initStack, makeEmptyStack } from "./newStack.ts";
import { removeSettings } from "./removeStack.ts";
import { slimPulumi } from "./slimPulumi.ts";

/**
 * One operation in one `pulumi` process, whose program runs in this thread. Never throws for what goes wrong with the stack: the result
 * says it.
 */
export async function runOperation(
  operation: Operation,
  settings: EngineSettings,
  control: ProcessControl,
  report: (progress: Progress) => void,
): Promise<OperationResult> {
  const began = performance.now();
  const record = new EventRecord(operation, report);
  const silence = new AbortController();
  const watch = setInterval(() => {
    if (record.isStuck()) silence.abort();
  }, LOOK_MS);
  const ends = { ...control, kill: AbortSignal.any([control.kill, silence.signal]) };
  const outcome = await attempt(operation, settings, ends, record).finally(() => {
    clearInterval(watch);
  });
  // It was not the teacher who ended it.
  if (silence.signal.aborted && !control.kill.aborted && !control.interrupt.aborted) outcome.outcome = "failed";
  return {
    ...{ stack: operation.stack, steps: record.steps, begun: record.begun, changes: record.changes },
    ...outcome,
    errors: [...record.errors, ...(record.errors.length === 0 ? outcome.errors : [])],
    // In a preview they may never be known.
    outputs: outcome.outcome === "done" && operation.action === "up" ? await record.outputs : undefined,
    seconds: (performance.now() - began) / 1000,
  };
}

/** How often is looked whether the cloud has gone silent. */
const LOOK_MS = 5000;

type Outcome = Pick<OperationResult, "outcome" | "errors" | "output">;

async function attempt(
  operation: Operation,
  settings: EngineSettings,
  control: ProcessControl,
  record: EventRecord,
): Promise<Outcome> {
  try {
    const workspace = await LocalWorkspace.create({
      ...{ workDir: settings.projectFolder, envVars: settings.env },
      pulumiCommand: slimPulumi(settings, control, operation.remove === true),
    });
    const { stack: name, isNew = false, patterns = [], action, program } = operation;
    if (isNew && !makeEmptyStack(settings, name, patterns)) await initStack(settings, name, control);
    const stack = await Stack.select(name, workspace);
    const { refresh = false, replace = [], plan } = operation;
    const onEvent = (event: EngineEvent) => {
      record.take(event);
    };
    // What does not need the thing that failed is done in the same try: in a cloud that errs now and then, one error costs one thing.
    const continueOnError = true;
    if (action === "destroy") {
      await stack.destroy({ onEvent, refresh, continueOnError });
      // Pulumi looks for them beside the program.
      if (operation.remove === true) removeSettings(settings, name);
    } else {
      const options = {
        ...{ onEvent, refresh, replace: [...replace], program: await load(program, record) },
        ...(plan === undefined ? {} : { plan }),
      };
      await (action === "up" ? stack.up({ ...options, continueOnError }) : stack.preview(options));
    }
    return { outcome: "done", errors: [], output: "" };
  } catch (error) {
    const outcome = control.interrupt.aborted || control.kill.aborted ? "interrupted" : "failed";
    if (!(error instanceof PulumiFailed)) return { outcome, errors: [{ message: String(error) }], output: "" };
    const output = `${error.result.stdout}\n${error.result.stderr}`.trim();
    return { outcome, errors: [{ message: error.message }], output };
  }
}

const moduleSchema = z.object({ default: z.custom<Program>((value) => typeof value === "function") });

async function load(program: ProgramReference | undefined, record: EventRecord): Promise<PulumiFn> {
  if (program === undefined) throw new Error("an update needs a program");
  const { default: run } = moduleSchema.parse(await import(program.module));
  return async () => {
    const outputs = await run(program.input);
    record.expectOutputs(outputs);
    return outputs;
  };
}

/** What the engine tells while it works. */
class EventRecord {
  readonly steps: StepEventMetadata[] = [];
  readonly errors: EngineError[] = [];
  begun = false;
  changes: Record<string, number> = {};
  outputs: Promise<Record<string, unknown>> | undefined;
  readonly #stack: string;
  readonly #report: (progress: Progress) => void;
  readonly #patience = new Patience();
  #done = 0;

  constructor({ stack }: Operation, report: (progress: Progress) => void) {
    this.#stack = stack;
    this.#report = report;
  }

  expectOutputs(outputs: Record<string, unknown>): void {
    this.outputs = new Promise((resolve) => {
      pulumi.output(outputs).apply((values) => {
        resolve(values);
      });
    });
  }

  /** Whether a step takes longer than it can take; that is an error then. */
  isStuck(): boolean {
    const overdue = this.#patience.overdue();
    if (overdue === undefined) return false;
    this.#patience.end(overdue.urn);
    this.errors.push(overdue);
    return true;
  }

  take({ resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, summaryEvent }: EngineEvent): void {
    if (resourcePreEvent !== undefined) {
      const { metadata } = resourcePreEvent;
      if (metadata.op !== "same") this.steps.push(metadata);
      if (metadata.op !== "refresh") this.begun = true;
      this.#patience.begin(metadata);
      this.#report({ stack: this.#stack, done: this.#done, working: metadata.type });
    }
    // A refresh tells what it found only when it ends.
    if (resOutputsEvent?.metadata.op === "refresh") this.steps.push(resOutputsEvent.metadata);
    const ended = resOutputsEvent ?? resOpFailedEvent;
    if (ended !== undefined) {
      this.#done += 1;
      this.#patience.end(ended.metadata.urn);
    }
    if (diagnosticEvent?.severity === "error") {
      const { message, urn } = diagnosticEvent;
      this.errors.push({ message: plain(message), ...(urn === undefined || urn === "" ? {} : { urn }) });
    }
    if (summaryEvent !== undefined) this.changes = { ...summaryEvent.resourceChanges };
  }
}

/** Without the marks for colours. */
function plain(message: string): string {
  return message.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
}
