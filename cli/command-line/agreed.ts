import { confirm } from "@inquirer/prompts";
import { UserError } from "../../terminal/userError.ts";
import { answered } from "./answered.ts";

/**
 * Goes on only when somebody agrees.
 *
 * @param yes agreed to beforehand, by `--yes`
 * @throws {UserError} when nobody does, or nobody is there to ask
 * @throws {Interrupted} for Ctrl-C
 */
export async function agreed(question: string, yes: boolean | undefined): Promise<void> {
  if (yes === true) return;
  if (!process.stdin.isTTY) throw new UserError("nothing was done; agree with --yes, or run it in a terminal");
  const asked = confirm({ message: question, default: false }, { output: process.stderr });
  if (!(await answered(asked, "anything was done"))) throw new UserError("nothing was done");
}
