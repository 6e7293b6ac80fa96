import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../terminal/userError.ts";

export interface Call {
  url: string;
  method: string;
  headers: Record<string, string>;
  /** @default nothing */
  body?: string | undefined;
  /** How long one try may take, its answer's body included. */
  seconds: number;
  /** Whether it may be sent again although it may have been carried out. @default every method but POST */
  repeatable?: boolean;
  /** How a call that is part of logging in differs: silence and a dead address are told at once. @default false */
  isLogin?: boolean;
}

/** A whole answer, of any status. */
export interface CallAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** How many tries it took. */
  tries: number;
}

/** Seconds before the second, third and fourth try; each is made shorter by chance, so that many do not come back in the same moment. */
const PAUSES = [0.5, 1.5, 4];
/** What a service may ask us to wait at most, in seconds. */
const LONGEST_WAIT = 30;
/** Of a service that is overloaded or restarting, or of the load balancer in front of it. */
const PASSING = [429, 500, 502, 503, 504];

/** As performance.now() tells it: where one call is asked to slow down, all do. */
let notBefore = 0;

/**
 * One request. What may pass is tried again: errors of an overloaded service, connections that break, one silence. One that is not
 * repeatable is, only when the service says that it did nothing (429).
 *
 * @throws {UserError} when there is no answer
 */
export async function call({ repeatable, isLogin = false, ...request }: Call): Promise<CallAnswer> {
  const mayRepeat = repeatable ?? request.method !== "POST";
  for (let tries = 1, silences = 0; ; tries += 1) {
    await sleep(Math.max(0, notBefore - performance.now()));
    const outcome = await attempt(request);
    const pause = PAUSES[tries - 1];
    if ("status" in outcome) {
      const { status, headers } = outcome;
      const isPassing = status === 429 || (mayRepeat && PASSING.includes(status));
      if (!isPassing || pause === undefined) return { ...outcome, tries };
      const asked = secondsAskedFor(headers.get("retry-after"));
      if (asked !== undefined) notBefore = Math.max(notBefore, performance.now() + asked * 1000);
    } else {
      const { kind } = outcome;
      silences += kind === "silence" ? 1 : 0;
      const isHopeless = kind === "final" || silences > 1 || (isLogin && kind !== "dropped");
      if (!mayRepeat || isHopeless || pause === undefined) throw new UserError(outcome.message);
    }
    await sleep(pause * (0.5 + Math.random() / 2) * 1000);
  }
}

/** `dropped`: the connection broke; `refused`: nobody listens; `silence`: no answer in time; `final`: trying again is no use. */
interface Broken {
  kind: "dropped" | "refused" | "silence" | "final";
  message: string;
}

async function attempt(request: Omit<Call, "repeatable" | "isLogin">): Promise<Omit<CallAnswer, "tries"> | Broken> {
  const { url, method, headers, body, seconds } = request;
  let what = "cannot reach";
  try {
    const signal = AbortSignal.timeout(seconds * 1000);
    const response = await fetch(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
    what = "cannot read the answer of";
    // The time of a call is also that of its body: a server may stop in the middle.
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    return { kind: kindOf(error), message: `${what} ${url}: ${reason(error, seconds)}` };
  }
}

function kindOf(error: unknown): Broken["kind"] {
  if (!(error instanceof Error)) return "final";
  if (error.name === "TimeoutError") return "silence";
  const code = error.cause instanceof Error && "code" in error.cause ? error.cause.code : undefined;
  if (code === "ECONNREFUSED") return "refused";
  // Also a server that closes a kept connection in the very moment it is used again, and one that ends in the middle of a body.
  return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE" ? "dropped" : "final";
}

function reason(error: unknown, seconds: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${seconds} s`;
  // fetch hides the cause: "connect ECONNREFUSED 127.0.0.1:5000", or a certificate that is not trusted
  const { cause } = error;
  const message = cause instanceof Error ? cause.message : error.message;
  if (!message.includes("certificate")) return message;
  // Node adds a hint of its own, for those who write programs.
  return `${message.split("; if ")[0] ?? message}; name the authority's PEM file as cacert`;
}

/** Seconds or a moment: https://httpwg.org/specs/rfc9110.html#field.retry-after */
function secondsAskedFor(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), LONGEST_WAIT);
}
