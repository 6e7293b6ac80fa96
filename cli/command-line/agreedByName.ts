import { input } from "@inquirer/prompts";
import { UserError } from "../../terminal/userError.ts";
import { answered } from "./answered.ts";

/**
 * Goes on only when somebody types the ids of all who are destroyed: a `y` is typed too soon.
 *
 * @param yes agreed to beforehand, by `--yes`
 * @throws {UserError} when nobody does, or nobody is there to ask
 * @throws {Interrupted} for Ctrl-C
 */
export async function agreedByName(question: string, ids: readonly string[], yes: boolean | undefined): Promise<void> {
  if (yes === true) return;
  if (!process.stdin.isTTY) throw new UserError("nothing was done; agree with --yes, or run it in a terminal");
  const message = `${question} Type who is destroyed to agree (${ids.join(", ")}):`;
  const asked = input({ message }, { output: process.stderr });
  if (!namesAll(await answered(asked, "anything was done"), ids))
    throw new UserError(`nothing was done; to agree, type exactly: ${ids.join(", ")}`);
}

/** Whether a text has these ids and no others, in any order, with blanks or commas between them. */
export function namesAll(text: string, ids: readonly string[]): boolean {
  const typed = new Set(text.split(/[\s,]+/).filter((each) => each !== ""));
  return typed.size === new Set(ids).size && ids.every((id) => typed.has(id));
}
