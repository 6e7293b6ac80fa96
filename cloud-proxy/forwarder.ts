import { Agent, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { createProxyServer, type ProxyServer } from "http-proxy-3";

/** The whole of what the cloud answered. */
export interface Answer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

/** Longer than any client of ours waits for an answer. */
const PATIENCE_MS = 15 * 60_000;

/** Passes requests on to the cloud, over connections that are kept. */
export class Forwarder {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #proxy: ProxyServer;
  /** Who waits for the whole answer of which request. */
  readonly #waiting = new WeakMap<IncomingMessage, (answer: Answer | string) => void>();

  constructor() {
    // Links in answers are made from the Host header, so it stays the proxy's.
    this.#proxy = createProxyServer({ agent: this.#agent, changeOrigin: false, proxyTimeout: PATIENCE_MS });
    this.#proxy.on("proxyRes", (answer, request) => {
      const resolve = this.#waiting.get(request);
      if (resolve === undefined) return;
      buffer(answer).then(
        (body) => {
          resolve({ status: answer.statusCode ?? 502, headers: headersOf(answer), body });
        },
        (error: unknown) => {
          resolve(String(error));
        },
      );
    });
  }

  /** Streams request and answer. @returns why the cloud could not be asked; undefined when it was, or when the client went away */
  stream(target: string, request: IncomingMessage, response: ServerResponse): Promise<string | undefined> {
    return new Promise((resolve) => {
      response.once("close", () => {
        resolve(undefined);
      });
      this.#proxy.web(request, response, { target }, (error) => {
        resolve(error.message);
      });
    });
  }

  /** Passes the request on and keeps the answer back. @returns the answer, or why there is none; undefined when the client went away */
  ask(target: string, request: IncomingMessage, response: ServerResponse): Promise<Answer | string | undefined> {
    return new Promise((resolve) => {
      this.#waiting.set(request, resolve);
      response.once("close", () => {
        resolve(undefined);
      });
      this.#proxy.web(request, response, { target, selfHandleResponse: true }, (error) => {
        resolve(error.message);
      });
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Those about the connection are between the cloud and us. */
const OF_CONNECTION = ["connection", "keep-alive", "transfer-encoding", "content-length"];

function headersOf({ headers }: IncomingMessage): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_CONNECTION.includes(name)));
}
