import { confirm } from "@inquirer/prompts";
import { UserError } from "../terminal/userError.ts";

/**
 * Goes on only when somebody agrees.
 *
 * @param yes agreed to beforehand, by `--yes`
 * @throws {UserError} when nobody does, or nobody is there to ask
 */
export async function agreed(question: string, yes: boolean | undefined): Promise<void> {
  if (yes === true) return;
  if (!process.stdin.isTTY) throw new UserError("nothing was done; agree with --yes, or run it in a terminal");
  if (!(await confirm({ message: question, default: false }, { output: process.stderr })))
    throw new UserError("nothing was done");
}
