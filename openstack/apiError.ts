import { UserError } from "../terminal/userError.ts";

/** What a service refuses, in its own words. */
export class ApiError extends UserError {
  /** HTTP status, e.g. 404. */
  readonly status: number;

  constructor(request: string, status: number, body: string) {
    super(`${request} answers ${status}: ${apiMessage(body)}`, 1);
    this.name = "ApiError";
    this.status = status;
  }
}

/** The answer, or undefined when what was asked about is not there. */
export async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** Every service wraps its message in other keys: `{"badRequest": {"message": …}}`, `{"NeutronError": {"message": …}}`, `{"error": …}`. */
function apiMessage(body: string): string {
  try {
    return messageIn(JSON.parse(body)) ?? body.slice(0, 300);
  } catch {
    return body
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim()
      .slice(0, 300);
  }
}

function messageIn(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("message" in value && typeof value.message === "string") return value.message;
  return Object.values(value)
    .map((part) => messageIn(part))
    .find((message) => message !== undefined);
}
