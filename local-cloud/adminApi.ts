import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import { authUrl, region } from "./apis.ts";
import { ports } from "./ports.ts";
import type { Secrets } from "./secrets.ts";

const Token = z.object({
  token: z.object({
    project: z.object({ id: z.string() }),
    catalog: z.array(
      z.object({
        type: z.string(),
        endpoints: z.array(z.object({ interface: z.string(), region_id: z.string().nullable(), url: z.string() })),
      }),
    ),
  }),
});

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The cloud's APIs as its administrator, through the relays on 127.0.0.1 as a user would meet them. */
export interface AdminApi {
  projectId: string;
  /** @param body sent as JSON, but bytes as they are. @returns the answer, parsed; undefined when it is empty. @throws ApiError when it is an error. */
  call: (service: string, method: Method, path: string, body?: unknown) => Promise<unknown>;
}

export class ApiError extends Error {
  readonly status: number;

  constructor(request: string, status: number, answer: string) {
    super(`${request} answered ${status}: ${answer.slice(0, 300)}`);
    this.name = "ApiError";
    this.status = status;
  }
}

export async function logIn(secrets: Secrets): Promise<AdminApi> {
  const domain = { name: "Default" };
  const response = await request("POST", `${authUrl}/auth/tokens`, {
    auth: {
      identity: { methods: ["password"], password: { user: { name: "admin", domain, password: secrets.admin } } },
      scope: { project: { name: "admin", domain } },
    },
  });
  const token = response.headers.get("x-subject-token") ?? "";
  const { catalog, project } = Token.parse(await response.json()).token;
  const urls = new Map(
    catalog.map(({ type, endpoints }) => [
      type,
      endpoints.find((endpoint) => endpoint.interface === "public" && endpoint.region_id === region)?.url,
    ]),
  );
  return {
    projectId: project.id,
    async call(service, method, path, body) {
      const url = urls.get(service);
      if (url === undefined) throw new Error(`the catalogue has no ${service}`);
      const headers: Record<string, string> = {
        "x-auth-token": token,
        // Nova's own names for things come with its version; this one is Zed's. Cinder refuses to hear of another service's.
        ...(service === "compute" ? { "openstack-api-version": "compute 2.93" } : {}),
      };
      const answer = await (await request(method, url.replace(/\/$/, "") + path, body, headers)).text();
      const parsed: unknown = answer === "" ? undefined : JSON.parse(answer);
      return parsed;
    },
  };
}

/** Whether anything answers HTTP there, whatever it says. */
export async function answers(port: number = ports.identity): Promise<boolean> {
  try {
    await (await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(20_000) })).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** A first request on a busy machine waits for what its service still has to load. */
const ANSWER_SECONDS = 120;

async function request(
  method: Method,
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const bytes = body instanceof Uint8Array ? Buffer.from(body) : undefined;
  const ask = () =>
    fetch(url, {
      method,
      headers: { "content-type": bytes === undefined ? "application/json" : "application/octet-stream", ...headers },
      ...(body === undefined ? {} : { body: bytes ?? JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_SECONDS * 1000),
    });
  const isSilence = (error: unknown) => error instanceof Error && error.name === "TimeoutError";
  const response = await ask()
    .catch((error: unknown) => {
      // A service that has only just started on a busy machine may drop its first request. What changes nothing is asked again.
      const harmless = method === "GET" || url.endsWith("/auth/tokens");
      if (harmless && isSilence(error)) return ask();
      throw error;
    })
    .catch((error: unknown) => {
      if (isSilence(error)) throw new UserError(`${method} ${url}: no answer within ${ANSWER_SECONDS} s`, 1);
      throw error;
    });
  if (!response.ok) throw new ApiError(`${method} ${url}`, response.status, await response.text());
  return response;
}
