import type { OperationResult } from "./operation.ts";

/** What a cloud says when it is busy or restarting, not when it means no. */
const PASSING = [
  /\b(500|502|503|504|429|409)\b/,
  /internal server error|bad gateway|service unavailable|gateway time-?out|too many requests|conflict/i,
  /timed? ?out|deadline exceeded|connection (reset|refused)|broken pipe|\bEOF\b|transport is closing|error reading from server/i,
  // The instance is deleted before the next try.
  /unexpected state 'ERROR'/i,
];

/** What no waiting helps against. */
const FINAL = [/quota/i, /\b(400|401|403|404)\b/, /no valid host/i];

/** Whether trying again may help: something passing went wrong, and nothing that will go wrong again. */
export function worthRetrying({ errors, output }: Pick<OperationResult, "errors" | "output">): boolean {
  const texts = [...errors.map(({ message }) => message), ...(errors.length === 0 ? [output] : [])];
  return texts.some((text) => PASSING.some((pattern) => pattern.test(text))) && !texts.some(isFinal);
}

function isFinal(text: string): boolean {
  return FINAL.some((pattern) => pattern.test(text));
}
