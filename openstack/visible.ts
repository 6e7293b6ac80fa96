import { ApiError } from "./apiError.ts";

/** What services answer when somebody may not see a thing: "forbidden", or as if it were not there. */
const HIDDEN = [403, 404];

/** The answer, or undefined when these credentials may not see it or this cloud does not offer it. */
export async function ifVisible<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && HIDDEN.includes(error.status)) return undefined;
    throw error;
  }
}
