import * as pulumi from "@pulumi/pulumi";
import { problemText, type Problem } from "../lab/problem.ts";

/** Arguments that cannot work, all of them at once. The engine prints a RunError's message without a stack trace. */
export class InvalidArgsError extends pulumi.RunError {
  readonly problems: readonly Problem[];

  constructor(subject: string, problems: readonly Problem[]) {
    super(problemText(subject, problems));
    this.name = "InvalidArgsError";
    this.problems = problems;
  }
}

/** @throws {InvalidArgsError} when there is any problem; call it before `super`, so that nothing is registered. */
export function refuseInvalidArgs(subject: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new InvalidArgsError(subject, problems);
}
