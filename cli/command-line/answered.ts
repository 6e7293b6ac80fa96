import { Interrupted } from "./stopOnInterrupt.ts";

/**
 * What is answered to a question.
 *
 * @param before what would have been next: "anything was done"
 * @throws {Interrupted} for Ctrl-C at it
 */
export async function answered<T>(question: Promise<T>, before: string): Promise<T> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError") throw new Interrupted(before);
    throw error;
  }
}
