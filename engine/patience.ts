import { UserError } from "../terminal/userError.ts";

/** What the provider itself waits for is given up by it; this is for a call that is never answered, which it waits for without end. */
interface Limit {
  /** Of the resource's type. */
  type: RegExp;
  seconds: number;
}

/** The first that fits. Longer than the timeouts that the components set for their kind. */
const LIMITS: readonly Limit[] = [
  { type: /^openstack:(identity\/|compute\/(keypair|flavor))/, seconds: 3 * 60 },
  { type: /^openstack:networking\//, seconds: 7 * 60 },
  { type: /^openstack:/, seconds: 45 * 60 },
];
/** To look at a resource is one call or two. */
const LOOK_SECONDS = 3 * 60;

/**
 * Seconds that a step may take at most, whatever it is: `CLASSROOM_PATIENCE_SECONDS`, or no bound.
 *
 * @throws {UserError} when that is no number of seconds
 */
export function longestStep(): number {
  const text = process.env["CLASSROOM_PATIENCE_SECONDS"] ?? "Infinity";
  const seconds = Number(text);
  if (seconds > 0) return seconds;
  throw new UserError(
    `CLASSROOM_PATIENCE_SECONDS is "${text}": it must be a number of seconds above 0; without it there is no bound`,
  );
}

/** Tells when a step takes longer than it can take, so that the cloud must have gone silent in the middle of it. */
export class Patience {
  readonly #longest: number;
  readonly #inFlight = new Map<string, { type: string; began: number; seconds: number }>();

  /** @param longest seconds that a step may take at most, whatever it is */
  constructor(longest = longestStep()) {
    this.#longest = longest;
  }

  begin({ urn, type, op }: { urn: string; type: string; op: string }, now = performance.now()): void {
    const limit = LIMITS.find((each) => each.type.test(type));
    // Commands on this computer end by themselves.
    if (limit === undefined) return;
    const seconds = Math.min(op === "refresh" || op === "read" ? LOOK_SECONDS : limit.seconds, this.#longest);
    this.#inFlight.set(urn, { type, began: now, seconds });
  }

  end(urn: string): void {
    this.#inFlight.delete(urn);
  }

  /** @returns what is to be said of a step that takes too long; undefined while there is none */
  overdue(now = performance.now()): { urn: string; message: string } | undefined {
    for (const [urn, { type, began, seconds }] of this.#inFlight)
      if (now - began > seconds * 1000)
        return { urn, message: `the cloud has not answered: ${type} timed out after ${Math.round(seconds)} s` };
    return undefined;
  }
}
