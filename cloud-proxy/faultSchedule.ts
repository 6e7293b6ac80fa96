import { createHash } from "node:crypto";
import type { Service } from "../openstack/session.ts";
import type { Exchange } from "./exchange.ts";

/** What is done to a request. Where `accepted`, the cloud has carried it out before; otherwise it never hears of it. */
export type Fault =
  /** Answers with an error, as a load balancer in front of the service does. */
  | { kind: "status"; status: number; retryAfterSeconds?: number; accepted?: boolean }
  /** Ends the connection with a TCP reset instead of answering. */
  | { kind: "reset"; accepted?: boolean }
  /** Never answers; the connection stays. */
  | { kind: "hang"; accepted?: boolean }
  /** Is passed on after a while. */
  | { kind: "slow"; seconds: number }
  /** Half of the body comes, then the connection ends. */
  | { kind: "truncated" }
  /** Waits, then goes on as if nothing had been; not if the client is gone by then. */
  | { kind: "hold"; accepted?: boolean; until: (exchange: Exchange) => Promise<void> };

/** Which requests a fault meets. */
export interface FaultRule {
  /** @default every service */
  service?: Service;
  /** @default every method */
  method?: string | readonly string[];
  /** Of the path with its query. @default every path */
  path?: RegExp;
  /** @default every request */
  only?: (exchange: Exchange) => boolean;
  /** Of those that match, counted from 1 since the rule was given: the `nth`, `from` one on `to` another, or each by `chance` (0 to 1). */
  when: { nth: number } | { from: number; to?: number } | { chance: number };
  fault: Fault;
}

/** Which fault meets which request: by count, or at random with a seed, so that a run can be repeated. */
export class FaultSchedule {
  readonly #seed: number;
  #rules: { rule: FaultRule; matches: number }[] = [];

  /** @param seed for the rules with a chance: the same seed, the same requests */
  constructor(seed = 1) {
    this.#seed = seed;
  }

  add(rule: FaultRule): void {
    this.#rules.push({ rule, matches: 0 });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The first rule's whose turn it is; each rule counts every request that it matches. */
  faultFor(exchange: Exchange): Fault | undefined {
    let found: Fault | undefined;
    for (const [index, counted] of this.#rules.entries()) {
      if (!matches(counted.rule, exchange)) continue;
      counted.matches += 1;
      if (found === undefined && this.#isDue(counted.rule, counted.matches, index)) found = counted.rule.fault;
    }
    return found;
  }

  #isDue({ when }: FaultRule, count: number, index: number): boolean {
    if ("nth" in when) return count === when.nth;
    if ("from" in when) return count >= when.from && count <= (when.to ?? Infinity);
    return randomOf(`${this.#seed} ${index} ${count}`) < when.chance;
  }
}

function matches({ service, method, path, only }: FaultRule, exchange: Exchange): boolean {
  const methods = method === undefined ? undefined : [method].flat();
  return (
    (service === undefined || service === exchange.service) &&
    methods?.includes(exchange.method) !== false &&
    path?.test(exchange.path) !== false &&
    only?.(exchange) !== false
  );
}

/** From 0 to 1, and the same for the same text: how many requests came before another rule's does not matter. */
function randomOf(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE() / 2 ** 32;
}

/** For people and records: `503`, `reset after it was accepted`. */
export function faultText(fault: Fault): string {
  const what = fault.kind === "status" ? String(fault.status) : fault.kind;
  return "accepted" in fault && fault.accepted === true ? `${what} after it was accepted` : what;
}
