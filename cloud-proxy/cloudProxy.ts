import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CloudSettings, cloudSettings } from "../openstack/cloudSettings.ts";
import { type Service, Session } from "../openstack/session.ts";
import { rewriteCatalogue, SERVICES, withOrigin } from "./catalogue.ts";
import { cloudsYaml } from "./cloudsEntry.ts";
import { type Exchange, pathPattern } from "./exchange.ts";
import { type FaultRule, FaultSchedule } from "./faultSchedule.ts";
import { Forwarder } from "./forwarder.ts";
import { passOn } from "./passOn.ts";

/**
 * Stands between OpenStack clients and a cloud, with a listener of its own for each service on 127.0.0.1: writes down every request, and
 * does to it what {@link CloudProxy.inject} says. Whoever logs in through it finds every service through it, for the catalogue names its
 * addresses; links and version documents follow by themselves, because the services make them from the Host header, which stays.
 */
export class CloudProxy {
  /** Every request so far, in the order in which they came. */
  readonly exchanges: Exchange[] = [];
  /** Where Keystone is, for clients. */
  readonly authUrl: string;
  /** Variables with which a client finds the cloud under its usual name, but through the proxy. */
  readonly env: Readonly<Record<string, string>>;
  readonly #schedule: FaultSchedule;
  readonly #servers: ReadonlyMap<Service, Server>;
  readonly #origins: ReadonlyMap<Service, string>;
  readonly #forwarder = new Forwarder();
  readonly #folder: string;
  readonly #hidden = new Set<Service>();
  readonly #seenTokens = new Set<string>();
  readonly #expiredTokens = new Set<string>();
  readonly #began = performance.now();

  private constructor(
    { cloud, settings, seed }: { cloud: string; settings: CloudSettings; seed: number | undefined },
    listeners: ReadonlyMap<Service, { server: Server; target: string }>,
  ) {
    this.#schedule = new FaultSchedule(seed);
    this.#servers = new Map(Array.from(listeners, ([service, { server }]) => [service, server]));
    this.#origins = new Map(Array.from(listeners, ([service, { server }]) => [service, originOf(server)]));
    for (const [service, { server, target }] of listeners)
      server.on("request", (request, response) => void this.#serve(service, target, request, response));
    this.authUrl = withOrigin(settings.authUrl, this.#origins.get("identity") ?? "");
    this.#folder = mkdtempSync(join(tmpdir(), "cloud-proxy-"));
    const file = join(this.#folder, "clouds.yaml");
    writeFileSync(file, cloudsYaml(cloud, { ...settings, authUrl: this.authUrl }), { mode: 0o600 });
    this.env = { OS_CLIENT_CONFIG_FILE: file };
  }

  /**
   * Logs in once, to learn where the services are; listens on free ports.
   *
   * @param cloud entry of clouds.yaml; its services speak plain HTTP
   * @param seed for faults at random
   * @throws {UserError} when the cloud cannot be logged in to
   */
  static async open(
    cloud: string,
    { seed, settings = cloudSettings(cloud) }: { seed?: number; settings?: CloudSettings } = {},
  ): Promise<CloudProxy> {
    const session = await Session.open(settings);
    const listeners = new Map<Service, { server: Server; target: string }>();
    for (const service of SERVICES) {
      const url = service === "identity" ? settings.authUrl : session.endpoint(service);
      if (url === undefined) continue;
      listeners.set(service, { server: await listening(), target: new URL(url).origin });
    }
    return new CloudProxy({ cloud, settings, seed }, listeners);
  }

  /** From now on; until {@link calm}. */
  inject(...rules: FaultRule[]): void {
    for (const rule of rules) this.#schedule.add(rule);
  }

  /** Nothing is done to requests any more. What hangs goes on to hang. */
  calm(): void {
    this.#schedule.clear();
    this.#hidden.clear();
    this.#expiredTokens.clear();
  }

  /** The catalogue of whoever logs in from now on is without the service. */
  hide(service: Service): void {
    this.#hidden.add(service);
  }

  /** Every token with which anything was asked so far is refused from now on, as one that has expired. */
  expireTokens(): void {
    for (const token of this.#seenTokens) this.#expiredTokens.add(token);
  }

  async close(): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true });
    await Promise.all(
      Array.from(this.#servers.values(), (server) => {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        return closed;
      }),
    );
    this.#forwarder.close();
  }

  async #serve(service: Service, target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = this.#record(service, request, response);
    const rewrite = isCatalogue(exchange)
      ? (body: string) => rewriteCatalogue(body, this.#origins, this.#hidden)
      : undefined;
    const forward = { forwarder: this.#forwarder, target, request, response, rewrite };
    const fault = this.#tokenFault(request) ?? this.#schedule.faultFor(exchange);
    await passOn(exchange, fault, forward);
  }

  #record(service: Service, request: IncomingMessage, response: ServerResponse): Exchange {
    const path = request.url ?? "/";
    const began = performance.now();
    const exchange: Exchange = {
      ...{ number: this.exchanges.length + 1, service, method: request.method ?? "", path, pattern: pathPattern(path) },
      at: began - this.#began,
      ...{ milliseconds: undefined, status: undefined, injected: undefined, failure: undefined },
    };
    this.exchanges.push(exchange);
    response.on("close", () => {
      exchange.milliseconds = performance.now() - began;
      exchange.status = response.headersSent ? response.statusCode : undefined;
    });
    return exchange;
  }

  #tokenFault({ headers }: IncomingMessage) {
    const token = headers["x-auth-token"];
    if (typeof token !== "string") return undefined;
    this.#seenTokens.add(token);
    return this.#expiredTokens.has(token) ? ({ kind: "status", status: 401 } as const) : undefined;
  }
}

/** Longer than clients keep idle connections. */
const KEPT_MS = 10 * 60_000;

/** Keystone's answers that name services. */
function isCatalogue({ service, pattern }: Exchange): boolean {
  return service === "identity" && /\/auth\/(tokens|catalog)(\?|$)/.test(pattern);
}

async function listening(): Promise<Server> {
  const server = createServer();
  // A client that uses a connection again must not meet its end by our doing.
  server.keepAliveTimeout = KEPT_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      resolve();
    });
  });
  return server;
}

function originOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy listens on no port");
  return `http://127.0.0.1:${address.port}`;
}
