import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../../openstack/apiError.ts";

/** The service says: not now. */
const OVERLOADED = [429, 500, 502, 503, 504];
const MOST_TRIES = 5;

export interface AdaptiveOptions {
  /** Calls at once at first. @default 8 */
  start?: number;
  /** @default 24 */
  most?: number;
  /** Calls that take so many times as long as the fastest of their kind wait in a queue somewhere: fewer are better. @default 12 */
  slow?: number;
}

interface Waiting {
  order: number;
  begin: () => void;
}

/**
 * How many calls are in flight at once, found out while they run: one more after each round of calls that went well, a tenth fewer when
 * they only queue up inside the cloud, half as many when it refuses (additive increase, multiplicative decrease).
 */
export class AdaptiveLimit {
  readonly #most: number;
  readonly #slow: number;
  #limit: number;
  #inFlight = 0;
  readonly #waiting: Waiting[] = [];
  /** Fastest call of each kind so far, in milliseconds. */
  readonly #fastest = new Map<string, number>();
  #round = { calls: 0, slowness: 0, refused: false };

  constructor({ start = 8, most = 24, slow = 12 }: AdaptiveOptions = {}) {
    this.#limit = start;
    this.#most = most;
    this.#slow = slow;
  }

  /** Calls that may be in flight now. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /**
   * Makes a call when there is room for it, and again when the cloud is overloaded.
   *
   * @param kind calls of one kind take about the same time
   * @param order lower ones first: what is begun is finished before something else is begun
   */
  async run<T>(kind: string, order: number, call: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      await this.#enter(order);
      const began = performance.now();
      try {
        const answer = await call();
        this.#learn(kind, performance.now() - began);
        return answer;
      } catch (error) {
        if (!(error instanceof ApiError) || !OVERLOADED.includes(error.status) || tries === MOST_TRIES) throw error;
        this.#round.refused = true;
      } finally {
        this.#leave();
      }
      await sleep(100 * 2 ** tries);
    }
  }

  async #enter(order: number): Promise<void> {
    if (this.#inFlight >= this.limit)
      await new Promise<void>((begin) => {
        const later = this.#waiting.findIndex((other) => other.order > order);
        this.#waiting.splice(later === -1 ? this.#waiting.length : later, 0, { order, begin });
      });
    else this.#inFlight += 1;
  }

  #leave(): void {
    this.#round.calls += 1;
    if (this.#round.calls >= this.limit) this.#adapt();
    this.#inFlight -= 1;
    while (this.#inFlight < this.limit) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#inFlight += 1;
      next.begin();
    }
  }

  #learn(kind: string, milliseconds: number): void {
    const fastest = Math.min(this.#fastest.get(kind) ?? Infinity, milliseconds);
    this.#fastest.set(kind, fastest);
    this.#round.slowness += milliseconds / fastest;
  }

  #adapt(): void {
    const { calls, slowness, refused } = this.#round;
    this.#round = { calls: 0, slowness: 0, refused: false };
    if (refused) this.#limit = Math.max(2, this.#limit / 2);
    else if (slowness / calls > this.#slow) this.#limit = Math.max(2, this.#limit * 0.9);
    else this.#limit = Math.min(this.#most, this.#limit + 1);
  }
}
