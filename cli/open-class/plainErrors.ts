import { z } from "zod";

/**
 * The engine's errors as people read them: each once, without Go's own words around them, and of an answer of OpenStack the message alone.
 */
export function plainErrors(errors: readonly string[]): string[] {
  const lines = errors.flatMap((error) => error.split("\n")).map(plainLine);
  const telling = lines.filter((line) => line !== "" && !EMPTY.test(line));
  const causes = telling.filter((line) => !CONSEQUENCE.test(line));
  return [...new Set([causes, telling, errors].find(({ length }) => length > 0))];
}

/** What Go and JavaScript put around a message: counts, and where in the program it was. */
const EMPTY = /^(\d+ errors? occurred:|update failed|<nil>|at .+:\d+:\d+\)?)$/;
/** What the program makes of it when a resource that others need could not be made. */
const CONSEQUENCE = /\bresource \S+ \[\S+\] failed to register\b/;

function plainLine(line: string): string {
  const text = line
    .replace(/^\s*\* /, "")
    .replace(/^error: /, "")
    .replace(/^Unhandled exception: (Error: )?/, "")
    .replace(/^sdk-v2\/provider2\.go:\d+: sdk\.helper_schema: /, "")
    .replace(/( last error: %!s\(<nil>\))?: provider="\S+"$/, "")
    .replace(/ last error: %!s\(<nil>\)$/, "")
    .trim();
  // https://github.com/gophercloud/gophercloud/blob/v1.14.1/errors.go
  const answer = /^(.*?): [^:[]+: \[[A-Z]+ \S+\], error message: (\{.*\})$/.exec(text);
  const message = messageIn(answer?.[2] ?? "");
  return message === undefined ? text : `${answer?.[1] ?? ""}: ${message}`;
}

/** `{"forbidden": {"code": 403, "message": "…"}}`, as all services answer. */
const answerSchema = z.record(z.string(), z.looseObject({ message: z.string() }));

function messageIn(body: string): string | undefined {
  try {
    return Object.values(answerSchema.parse(JSON.parse(body)))[0]?.message;
  } catch {
    return undefined;
  }
}
