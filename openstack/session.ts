import { readFileSync } from "node:fs";
import * as tls from "node:tls";
import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import { ApiError } from "./apiError.ts";
import { call } from "./call.ts";
import type { CloudSettings } from "./cloudSettings.ts";
import { authRequest } from "./credentials.ts";

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
  /** In which there must be an answer. @default {@link CALL_SECONDS} */
  seconds?: number;
}

/** An answer without a body, such as 202 or 204. */
export const nothing: z.ZodType<undefined> = z.unknown().transform(() => undefined);

/** A login at one cloud, for the few calls that Pulumi has no resource for. */
export class Session {
  readonly #settings: CloudSettings;
  readonly #token: Token;
  #tokenId: string;
  /** While a new token is fetched. */
  #renewing: Promise<void> | undefined;
  /**
   * How far this computer's clock is ahead of the cloud's, in seconds; negative when it is behind, undefined when the cloud does not
   * tell the time. From the moment that Keystone wrote into the token, so exact to the seconds that the login took.
   */
  readonly clockAheadSeconds: number | undefined;

  private constructor(settings: CloudSettings, { tokenId, token, date }: Login) {
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
    return new Session(settings, await logIn(settings));
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
    { body, microversion, projectId, seconds = CALL_SECONDS }: RequestOptions = {},
  ): Promise<T> {
    const url = `${this.#endpoint(service, projectId)}${path}`;
    const send = () => {
      const headers = {
        "x-auth-token": this.#tokenId,
        "content-type": "application/json",
        ...(microversion === undefined ? {} : { "openstack-api-version": `${service} ${microversion}` }),
      };
      const json = body === undefined ? undefined : JSON.stringify(body);
      return call({ url, method, headers, body: json, seconds });
    };
    const used = this.#tokenId;
    let answer = await send();
    if (answer.status === 401) {
      // A run of a large class lasts longer than a token.
      await this.#renew(used);
      answer = await send();
    }
    const { status, text, tries } = answer;
    // Gone since the try whose answer was lost.
    if (method === "DELETE" && status === 404 && tries > 1) return schema.parse(undefined);
    if (status < 200 || status > 299) throw new ApiError(`${method} ${url}`, status, text);
    return schema.parse(text === "" ? undefined : asJson(text, url));
  }

  /** Logs in again, once for all who were refused with the same token. */
  async #renew(refused: string): Promise<void> {
    if (refused !== this.#tokenId) return;
    this.#renewing ??= logIn(this.#settings)
      .then(({ tokenId }) => {
        this.#tokenId = tokenId;
      })
      .finally(() => {
        this.#renewing = undefined;
      });
    await this.#renewing;
  }

  #endpoint(service: Service, projectId: string | undefined): string {
    const url = this.endpoint(service);
    if (url === undefined) {
      const { region, endpointType = "public" } = this.#settings;
      const where = region === undefined ? "" : ` in region "${region}"`;
      throw new UserError(`${this.#settings.source}: the catalogue has no ${endpointType} ${service} endpoint${where}`);
    }
    const own = this.#token.project?.id;
    const endpoint = url
      .replace(/\/+$/, "")
      .replace(/[^/_]+$/, (last) => (projectId === undefined || last !== own ? last : projectId));
    // Clouds give Keystone's address with or without its version.
    return service === "identity" ? endpoint.replace(/\/v3$/, "") : endpoint;
  }

  /** Address of a service for the project that is worked in; undefined when the cloud does not have it. */
  endpoint(service: Service): string | undefined {
    const types: readonly string[] = SERVICE_TYPES[service];
    const { endpointType = "public" } = this.#settings;
    return this.#token.catalog
      .filter(({ type }) => types.includes(type))
      .flatMap(({ endpoints }) => endpoints)
      .find(
        ({ interface: kind, region }) =>
          kind === endpointType && (this.#settings.region === undefined || region === this.#settings.region),
      )?.url;
  }
}

interface Login {
  tokenId: string;
  token: Token;
  /** When Keystone answered; "" when it does not say. */
  date: string;
}

async function logIn(settings: CloudSettings): Promise<Login> {
  const url = `${settings.authUrl.endsWith("/v3") ? settings.authUrl : `${settings.authUrl}/v3`}/auth/tokens`;
  const { status, headers, text } = await call({
    ...{ url, method: "POST", headers: { "content-type": "application/json" }, seconds: LOGIN_SECONDS },
    ...{ body: JSON.stringify({ auth: authRequest(settings.credentials) }), repeatable: true, isLogin: true },
  });
  if (status === 401)
    throw new UserError(
      `${settings.source}: ${url} refuses these credentials (401); check user name, password and project`,
    );
  const tokenId = headers.get("x-subject-token");
  if (status < 200 || status > 299 || tokenId === null)
    throw new UserError(
      `${settings.source}: ${url} answers ${status}, not a token; is auth_url the address of Keystone?`,
    );
  return { tokenId, token: tokenSchema.parse(asJson(text, url)).token, date: headers.get("date") ?? "" };
}

function asJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`${url} does not answer in JSON; is it the address of an OpenStack service?`);
  }
}

function trust(cacert: string): void {
  try {
    tls.setDefaultCACertificates([...tls.getCACertificates("default"), readFileSync(cacert, "utf8")]);
  } catch (error) {
    throw new UserError(`cacert ${cacert} cannot be read: ${String(error)}`);
  }
}
