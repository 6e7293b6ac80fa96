import { UserError } from "../../terminal/userError.ts";

/**
 * Work for one of many, whose failure must not end the others' work.
 *
 * @returns what it came to, or why it failed
 * @throws whatever is no UserError, because it is our bug
 */
export async function attempted<T>(work: () => Promise<T>): Promise<{ value: T } | { reason: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { reason: error.message };
  }
}
