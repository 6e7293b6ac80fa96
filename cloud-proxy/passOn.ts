import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Exchange } from "./exchange.ts";
import { type Fault, faultText } from "./faultSchedule.ts";
import type { Answer, Forwarder } from "./forwarder.ts";

/** One request on its way. */
export interface Passage {
  forwarder: Forwarder;
  /** Where the service is. */
  target: string;
  request: IncomingMessage;
  response: ServerResponse;
  /** What becomes of the answer's body; undefined where it stays. */
  rewrite: ((body: string) => string) | undefined;
}

/** Passes one request on, with what is to be done to it. Never throws: what goes wrong is in the exchange. */
export async function passOn(exchange: Exchange, fault: Fault | undefined, passage: Passage): Promise<void> {
  if (fault !== undefined) exchange.injected = faultText(fault);
  if (fault === undefined) await passUnharmed(exchange, passage);
  else if (fault.kind === "slow") {
    await sleep(fault.seconds * 1000);
    await passUnharmed(exchange, passage);
  } else if (fault.kind === "truncated" || fault.accepted === true) await harmAnswer(exchange, fault, passage);
  else await harmRequest(exchange, fault, passage);
}

/** The cloud hears nothing of it, unless it was only held. */
async function harmRequest(exchange: Exchange, fault: Harm, passage: Passage): Promise<void> {
  if (fault.kind === "status") refuse(passage, fault);
  else if (fault.kind === "reset") reset(passage);
  else if (fault.kind === "hold") {
    await fault.until(exchange);
    if (!passage.response.destroyed) await passUnharmed(exchange, passage);
  }
}

/** The cloud has carried it out. */
async function harmAnswer(exchange: Exchange, fault: Harm | Truncation, passage: Passage): Promise<void> {
  const answer = await ask(exchange, passage);
  if (answer === undefined) return;
  if (fault.kind === "status") refuse(passage, fault);
  else if (fault.kind === "reset") reset(passage);
  else if (fault.kind === "truncated") truncate(passage, answer);
  else if (fault.kind === "hold") {
    await fault.until(exchange);
    if (!passage.response.destroyed) relay(passage, answer);
  }
}

type Truncation = Extract<Fault, { kind: "truncated" }>;
type Harm = Exclude<Fault, Truncation | { kind: "slow" }>;

async function passUnharmed(exchange: Exchange, passage: Passage): Promise<void> {
  const { forwarder, target, request, response, rewrite } = passage;
  if (rewrite !== undefined) {
    const answer = await ask(exchange, passage);
    if (answer !== undefined) relay(passage, answer);
    return;
  }
  exchange.failure = await forwarder.stream(target, request, response);
  if (exchange.failure !== undefined) reset(passage);
}

/** The cloud's answer as the client is to have it; the client's connection ends where there is none. */
async function ask(exchange: Exchange, passage: Passage): Promise<Answer | undefined> {
  const { forwarder, target, request, response, rewrite } = passage;
  const answer = await forwarder.ask(target, request, response);
  if (answer === undefined) return undefined;
  if (typeof answer === "string") {
    exchange.failure = answer;
    reset(passage);
    return undefined;
  }
  return rewrite === undefined ? answer : { ...answer, body: Buffer.from(rewrite(answer.body.toString())) };
}

function relay({ response }: Passage, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, ...lengthOf(status, body) }).end(body);
}

/** A 204 has no length. */
const lengthOf = (status: number, body: Buffer) => (status === 204 ? {} : { "content-length": body.length });

function truncate({ response }: Passage, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, "content-length": Math.max(body.length, 2) });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
}

function reset({ response }: Passage): void {
  response.socket?.resetAndDestroy();
}

/** In the form that load balancers answer in, or the services themselves. */
function refuse({ response, request }: Passage, { status, retryAfterSeconds }: Fault & { kind: "status" }): void {
  // What is still on its way must not be taken for the next request on this connection.
  request.resume();
  const message = `injected ${status}`;
  const ofBalancer = status >= 502;
  response
    .writeHead(status, {
      "content-type": ofBalancer ? "text/html" : "application/json",
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    })
    .end(
      ofBalancer
        ? `<html><body><h1>${message}</h1></body></html>`
        : JSON.stringify({ error: { code: status, title: "Injected", message } }),
    );
}
