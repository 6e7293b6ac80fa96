import type { StepEventMetadata } from "@pulumi/pulumi/automation/index.js";

/** A program that a worker thread loads: the module's default export is called with the input. */
export interface ProgramReference {
  /** URL of the module. */
  module: string;
  /** Plain data. */
  input: unknown;
}

export type Program = (input: unknown) => Promise<Record<string, unknown>>;

/** One operation of Pulumi on one stack. */
export interface Operation {
  stack: string;
  action: "preview" | "up" | "destroy";
  /** What the stack is made of; not needed to destroy it. */
  program?: ProgramReference;
  /** The stack is made first. @default false */
  isNew?: boolean;
  /** Stacks of the same passphrase, after whose pattern a new one is made. @default none */
  patterns?: readonly string[];
  /** The cloud is looked at first, so that what was changed by hand is seen. @default false */
  refresh?: boolean;
  /** Resources that are rebuilt although nothing changed. @default [] */
  replace?: readonly string[];
  /** A stack that is destroyed is removed, with its history and settings. @default false */
  remove?: boolean;
  /** File that a preview writes its plan to, over what it is, and that an update is held to. @default none */
  plan?: string;
}

/** What the engine, a provider or the program says is wrong. */
export interface EngineError {
  message: string;
  /** The resource it is about; undefined for the program or the engine itself. */
  urn?: string;
}

export interface OperationResult {
  stack: string;
  outcome: "done" | "failed" | "interrupted";
  errors: EngineError[];
  /** What is done (or would be, in a preview), resource by resource; nothing for what stays. */
  steps: StepEventMetadata[];
  /** Whether it was past looking at the cloud, where it was to look: at work on the resources. */
  begun: boolean;
  /** How many resources, by operation: `{ create: 12, same: 3 }`. */
  changes: Record<string, number>;
  /** What an update's program returned, secrets in plain; undefined when it did not end well. */
  outputs: Record<string, unknown> | undefined;
  /** What Pulumi printed when it failed without an error event, e.g. about a lock. */
  output: string;
  seconds: number;
}

/** How far an operation is, for people. */
export interface Progress {
  stack: string;
  /** Resources done so far. */
  done: number;
  /** Type of the resource that was begun last, e.g. `openstack:compute/instance:Instance`. */
  working: string | undefined;
}
