import type { OperationResult } from "./operation.ts";

/** Seconds before the next try, by how many in a row made no progress; a cloud that is overloaded needs some rest. */
const PAUSES = [3, 10, 20, 30];
/** A try that gets on a little never counts among those, so something must end it: minutes of errors are no passing trouble. */
const MOST_TRIES = 12;

/** The instance is deleted before the next try: in the provider's words, and in those of Patience. */
const NEVER_CAME_UP = /unexpected state 'ERROR'|last state: 'BUILD'|compute\/instance:Instance timed out/i;
/** An instance that was made anew so often and never came up will not. */
const MOST_REBUILDS = 2;

/** What a cloud says when it is busy or restarting, not when it means no. */
const PASSING = [
  /\b(500|502|503|504|429|409)\b/,
  /internal server error|bad gateway|service unavailable|gateway time-?out|too many requests|conflict/i,
  // The provider's words for 503, and the number is not among them.
  /currently unable to handle the request/i,
  /timed? ?out|deadline exceeded|connection (reset|refused)|broken pipe|\bEOF\b|transport is closing|error reading from server/i,
  NEVER_CAME_UP,
];

/** What no waiting helps against. */
const FINAL = [
  /quota/i,
  /\b(400|401|403|404)\b/,
  /no valid host/i,
  // https://github.com/pulumi/pulumi/blob/pkg/v3.259.0/pkg/resource/deploy/step_generator.go
  /is not allowed by the plan|violates plan|but none were seen/,
  // What cannot be written down must not be made.
  /no space left on device|read-only file system|input\/output error/i,
];

/** Whether trying again may help: something passing went wrong, and nothing that will go wrong again. */
export function worthRetrying({ errors, output }: Pick<OperationResult, "errors" | "output">): boolean {
  const texts = [...errors.map(({ message }) => message), ...(errors.length === 0 ? [output] : [])];
  return texts.some((text) => PASSING.some((pattern) => pattern.test(text))) && !texts.some(isFinal);
}

function isFinal(text: string): boolean {
  return FINAL.some((pattern) => pattern.test(text));
}

/** When to try again, as try after try fails. Each pause is made longer or shorter by chance, so that many do not come back in the same moment. */
export class RetryPolicy {
  #tries = 0;
  #idle = 0;
  #neverCameUp = 0;

  /** @returns seconds to wait before the next try; undefined when it is enough */
  pauseAfter(failed: Pick<OperationResult, "changes" | "errors">): number | undefined {
    this.#tries += 1;
    this.#neverCameUp += failed.errors.some(({ message }) => NEVER_CAME_UP.test(message)) ? 1 : 0;
    if (this.#tries >= MOST_TRIES || this.#neverCameUp > MOST_REBUILDS) return undefined;
    if (madeProgress(failed)) this.#idle = 0;
    const pause = PAUSES[this.#idle];
    this.#idle += 1;
    return pause === undefined ? undefined : pause * (0.75 + Math.random() / 2);
  }
}

/** Something was made, changed or deleted; what the next try need not do. */
function madeProgress({ changes }: Pick<OperationResult, "changes">): boolean {
  return Object.entries(changes).some(([kind, count]) => !["same", "read", "refresh"].includes(kind) && count > 0);
}
