/**
 * Something the user can mend: bad input, a missing package, a cloud that does not answer. Printed as its message alone, without
 * a stack trace. Exit code 2 means: refused before anything was changed; 1 means: some of the work was done; 130: interrupted.
 */
export class UserError extends Error {
  readonly exitCode: 1 | 2 | 130;

  constructor(message: string, exitCode: 1 | 2 | 130 = 2) {
    super(message);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}

/** One error that names every problem at once. Does nothing when there is none. */
export function refuse(subject: string, problems: readonly string[]): void {
  if (problems.length > 0)
    throw new UserError([`${subject}:`, ...problems.map((problem) => `  - ${problem}`)].join("\n"));
}
