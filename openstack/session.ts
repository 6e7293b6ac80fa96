import { readFileSync } from "node:fs";
import * as tls from "node:tls";
import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import { ApiError } from "./apiError.ts";
import type { CloudSettings } from "./cloudSettings.ts";

/** Wrong credentials or a dead address must be told in seconds: nobody waits for a TCP timeout. */
const LOGIN_SECONDS = 5;
/** A listing on a loaded cloud takes seconds, not minutes. */
const CALL_SECONDS = 30;

const tokenSchema = z.object({
  token: z.object({
    user: z.object({ name: z.string(), id: z.string() }),
    issued_at: z.string().default(""),
    project: z
      .object({ name: z.string(), id: z.string(), domain: z.object({ id: z.string() }).default({ id: "default" }) })
      .optional(),
    roles: z.array(z.object({ name: z.string() })).default([]),
    catalog: z
      .array(
        z.object({
          type: z.string(),
          endpoints: z.array(z.object({ interface: z.string(), region: z.string().nullish(), url: z.string() })),
        }),
      )
      .default([]),
  }),
});
type Token = z.infer<typeof tokenSchema>["token"];

/** The services we speak to, by the types the catalogue may give them: https://service-types.openstack.org */
export const SERVICE_TYPES = {
  compute: ["compute"],
  image: ["image"],
  network: ["network"],
  identity: ["identity"],
  volume: ["block-storage", "volumev3"],
  "object-store": ["object-store"],
  "load-balancer": ["load-balancer"],
  placement: ["placement"],
} satisfies Record<string, string[]>;
export type Service = keyof typeof SERVICE_TYPES;

export interface RequestOptions {
  /** Sent as JSON. @default nothing */
  body?: object;
  /** For what came later than the API's first version, e.g. `"2.6"`. @default the service's oldest */
  microversion?: string;
  /** In whose part of the service, where its address holds the project's id, as Swift's does. @default the project that is logged in to */
  projectId?: string;
}

/** An answer without a body, such as 202 or 204. */
export const nothing: z.ZodType<undefined> = z.unknown().transform(() => undefined);

/** A login at one cloud, for the few calls that Pulumi has no resource for. */
export class Session {
  readonly #settings: CloudSettings;
  readonly #tokenId: string;
  readonly #token: Token;
  /**
   * How far this computer's clock is ahead of the cloud's, in seconds; negative when it is behind, undefined when the cloud does not
   * tell the time. From the moment that Keystone wrote into the token, so exact to the seconds that the login took.
   */
  readonly clockAheadSeconds: number | undefined;

  private constructor(settings: CloudSettings, tokenId: string, token: Token, date: string) {
    this.#settings = settings;
    this.#tokenId = tokenId;
    this.#token = token;
    const [cloudsTime] = [token.issued_at, date].map((text) => Date.parse(text)).filter((time) => time > 0);
    this.clockAheadSeconds = cloudsTime === undefined ? undefined : Math.round((Date.now() - cloudsTime) / 1000);
  }

  /**
   * Logs in, within {@link LOGIN_SECONDS} seconds.
   *
   * @throws {UserError} when the API cannot be reached or refuses the credentials.
   */
  static async open(settings: CloudSettings): Promise<Session> {
    if (settings.cacert !== undefined) trust(settings.cacert);
    const url = `${settings.authUrl.endsWith("/v3") ? settings.authUrl : `${settings.authUrl}/v3`}/auth/tokens`;
    const response = await call(url, LOGIN_SECONDS, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ auth: authRequest(settings) }),
    });
    if (response.status === 401)
      throw new UserError(
        `${settings.source}: ${url} refuses these credentials (401); check user name, password and project`,
      );
    const tokenId = response.headers.get("x-subject-token");
    if (!response.ok || tokenId === null)
      throw new UserError(
        `${settings.source}: ${url} answers ${response.status}, not a token; is auth_url the address of Keystone?`,
      );
    const { token } = tokenSchema.parse(asJson(await textOf(response, url, LOGIN_SECONDS), url));
    return new Session(settings, tokenId, token, response.headers.get("date") ?? "");
  }

  /** One line for people: where work is about to be done, and as whom. */
  get description(): string {
    const { user, project } = this.#token;
    return `${this.#settings.source}: ${this.#settings.authUrl}, project "${project?.name ?? "none"}", user "${user.name}"`;
  }

  /**
   * The project that is worked in and its domain, where projects and users of the class are made.
   *
   * @throws {UserError} when the login is not for a project
   */
  get scope(): { projectId: string; domainId: string; userId: string } {
    const { project, user } = this.#token;
    if (project === undefined) throw new UserError(`${this.#settings.source}: the login is for no project; name one`);
    return { projectId: project.id, domainId: project.domain.id, userId: user.id };
  }

  /** Who is logged in, and the names of the user's roles in the project. */
  get user(): { id: string; name: string; roles: string[] } {
    const { user, roles } = this.#token;
    return { id: user.id, name: user.name, roles: roles.map(({ name }) => name) };
  }

  /** Whether the cloud has the service, in the region that is worked in. */
  hasService(service: Service): boolean {
    return this.endpoint(service) !== undefined;
  }

  /**
   * One API call.
   *
   * @param path below the service's endpoint, e.g. `/v2.0/networks`; identity's begin with `/v3`
   * @throws {ApiError} when the service answers with an error.
   * @throws {UserError} when the service is not in the catalogue or cannot be reached.
   */
  async request<T>(
    service: Service,
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    schema: z.ZodType<T>,
    { body, microversion, projectId }: RequestOptions = {},
  ): Promise<T> {
    const url = `${this.#endpoint(service, projectId)}${path}`;
    const response = await call(url, CALL_SECONDS, {
      method,
      headers: {
        "x-auth-token": this.#tokenId,
        "content-type": "application/json",
        ...(microversion === undefined ? {} : { "openstack-api-version": `${service} ${microversion}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await textOf(response, url, CALL_SECONDS);
    if (!response.ok) throw new ApiError(`${method} ${url}`, response.status, text);
    return schema.parse(text === "" ? undefined : asJson(text, url));
  }

  #endpoint(service: Service, projectId: string | undefined): string {
    const url = this.endpoint(service);
    if (url === undefined) {
      const where = this.#settings.region === undefined ? "" : ` in region "${this.#settings.region}"`;
      throw new UserError(`${this.#settings.source}: the catalogue has no public ${service} endpoint${where}`);
    }
    const own = this.#token.project?.id;
    const endpoint = url
      .replace(/\/+$/, "")
      .replace(/[^/_]+$/, (last) => (projectId === undefined || last !== own ? last : projectId));
    // Clouds give Keystone's address with or without its version.
    return service === "identity" ? endpoint.replace(/\/v3$/, "") : endpoint;
  }

  /** Public address of a service for the project that is worked in; undefined when the cloud does not have it. */
  endpoint(service: Service): string | undefined {
    const types: readonly string[] = SERVICE_TYPES[service];
    return this.#token.catalog
      .filter(({ type }) => types.includes(type))
      .flatMap(({ endpoints }) => endpoints)
      .find(
        ({ interface: kind, region }) =>
          kind === "public" && (this.#settings.region === undefined || region === this.#settings.region),
      )?.url;
  }
}

function asJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`${url} does not answer in JSON; is it the address of an OpenStack service?`);
  }
}

/** https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management */
function authRequest({ credentials }: CloudSettings): object {
  if (credentials.method === "applicationCredential") {
    const { id, secret } = credentials;
    return { identity: { methods: ["application_credential"], application_credential: { id, secret } } };
  }
  const { username, password, userDomain, project } = credentials;
  return {
    identity: { methods: ["password"], password: { user: { name: username, password, domain: userDomain } } },
    scope: { project },
  };
}

async function call(url: string, seconds: number, init: RequestInit): Promise<Response> {
  const attempt = () => fetch(url, { ...init, signal: AbortSignal.timeout(seconds * 1000) });
  try {
    return await attempt().catch((error: unknown) => {
      // A server may close a kept connection in the very moment it is used again. What only reads can be asked once more.
      if (init.method === "GET" && isDropped(error)) return attempt();
      throw error;
    });
  } catch (error) {
    throw new UserError(`cannot reach ${url}: ${reason(error, seconds)}`);
  }
}

/** The time of a call is also that of its body: a server may stop in the middle. */
async function textOf(response: Response, url: string, seconds: number): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw new UserError(`cannot read the answer of ${url}: ${reason(error, seconds)}`);
  }
}

function isDropped(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && (cause.code === "UND_ERR_SOCKET" || cause.code === "ECONNRESET");
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

function trust(cacert: string): void {
  try {
    tls.setDefaultCACertificates([...tls.getCACertificates("default"), readFileSync(cacert, "utf8")]);
  } catch (error) {
    throw new UserError(`cacert ${cacert} cannot be read: ${String(error)}`);
  }
}
