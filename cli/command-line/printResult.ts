/** What every command with `--json` prints in place of its result when it throws: bad input, a refusal, an end before there is a result. */
export interface FailedCommand {
  error: {
    /** What standard error says, without "error: "; several problems stand on a line each. */
    message: string;
    /** That the command ends with: 1 failed, 2 bad input or refused, nothing was touched, 130 interrupted. */
    exitCode: number;
  };
}

/** A command's result on standard output: an object for programs, or its text for people. */
export function printResult<Result extends object>(
  result: Result,
  json: boolean,
  text: (result: Result) => string,
): void {
  console.log(json ? JSON.stringify(result, null, 2) : text(result));
}

/** Whether a command line asks for JSON; what follows `--` is another program's. */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end === -1 ? undefined : end).includes("--json");
}

/** On one line, as `status --watch` prints. */
export function printFailure(message: string, exitCode: number): void {
  const failed: FailedCommand = { error: { message, exitCode } };
  console.log(JSON.stringify(failed));
}
