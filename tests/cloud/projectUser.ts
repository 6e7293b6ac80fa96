import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { type AdminApi, logIn } from "../../local-cloud/adminApi.ts";
import { authUrl, region } from "../../local-cloud/apis.ts";
import { readSecrets } from "../../local-cloud/secrets.ts";
import { given } from "./testStack.ts";

const Id = z.object({ id: z.string() });
const Token = z.object({
  token: z.object({
    catalog: z.array(
      z.object({
        type: z.string(),
        endpoints: z.array(z.object({ interface: z.string(), region_id: z.string(), url: z.string() })),
      }),
    ),
  }),
});

const main = join(import.meta.dirname, "../../local-cloud/main.ts");

/** Brings the services up beside those that are: quickly where there is nothing to do. Waits for an `up` of somebody else. */
export async function bringUp(...services: string[]): Promise<void> {
  await until("nobody else's up or down", 300, async () => {
    const { failed, all } = await execa(process.execPath, [main, "up", "--with", services.join(",")], {
      all: true,
      reject: false,
    });
    if (failed && !all.includes("is running already")) throw new Error(all);
    return !failed;
  });
}

export async function administrator(): Promise<AdminApi> {
  return logIn(given(readSecrets(), "the local cloud"));
}

/** What an API answered. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** Somebody with no more rights than a student: a user with the role `member` in a project of its own. */
export class ProjectUser {
  readonly name: string;
  readonly projectId: string;
  readonly userId: string;
  readonly token: string;
  readonly #password: string;
  readonly #urls: Map<string, string>;

  private constructor(
    { name, password }: { name: string; password: string },
    projectId: string,
    userId: string,
    token: string,
    urls: Map<string, string>,
  ) {
    this.name = name;
    this.#password = password;
    this.projectId = projectId;
    this.userId = userId;
    this.token = token;
    this.#urls = urls;
  }

  static async make(name: string): Promise<ProjectUser> {
    const admin = await administrator();
    const password = randomBytes(20).toString("hex");
    const project = await made(admin, "project", { name, domain_id: "default" });
    const user = await made(admin, "user", { name, password, domain_id: "default", default_project_id: project });
    const { roles } = z.object({ roles: z.array(Id) }).parse(await admin.call("identity", "GET", "/roles?name=member"));
    const role = given(roles[0], "the role member").id;
    await admin.call("identity", "PUT", `/projects/${project}/users/${user}/roles/${role}`);
    const domain = { id: "default" };
    const response = await fetch(`${authUrl}/auth/tokens`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        auth: {
          identity: { methods: ["password"], password: { user: { name, domain, password } } },
          scope: { project: { id: project } },
        },
      }),
    });
    const { catalog } = Token.parse(await response.json()).token;
    const urls = new Map(
      catalog.flatMap(({ type, endpoints }) => {
        const url = endpoints.find((each) => each.interface === "public" && each.region_id === region)?.url;
        return url === undefined ? [] : [[type, url] as const];
      }),
    );
    return new ProjectUser(
      { name, password },
      project,
      user,
      given(response.headers.get("x-subject-token"), "a token"),
      urls,
    );
  }

  /** To log in with: for the dashboard, and for OpenStack's own command line. */
  get login(): { OS_USERNAME: string; OS_PASSWORD: string } & Record<string, string> {
    return {
      OS_USERNAME: this.name,
      OS_PASSWORD: this.#password,
      OS_AUTH_URL: authUrl,
      OS_PROJECT_NAME: this.name,
      OS_USER_DOMAIN_NAME: "Default",
      OS_PROJECT_DOMAIN_NAME: "Default",
      OS_REGION_NAME: region,
      OS_IDENTITY_API_VERSION: "3",
    };
  }

  url(service: string): string {
    return given(this.#urls.get(service), `${service} in the catalogue`);
  }

  /** Whatever it says; a body that is no text is sent as JSON. */
  async ask(service: string, method: string, path: string, body?: unknown, headers = {}): Promise<Answer> {
    const response = await fetch(this.url(service) + path, {
      method,
      headers: {
        "x-auth-token": this.token,
        // Cinder refuses to hear of another service's version.
        ...(service === "compute" ? { "openstack-api-version": "compute 2.79" } : {}),
        ...(body === undefined || typeof body === "string" ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** @returns the answer, parsed. @throws when it is an error. */
  async call(service: string, method: string, path: string, body?: unknown): Promise<unknown> {
    const { status, text } = await this.ask(service, method, path, body);
    if (status >= 400) throw new Error(`${method} ${service} ${path} answered ${status}: ${text}`);
    const parsed: unknown = text === "" ? undefined : JSON.parse(text);
    return parsed;
  }

  /** Makes one object and tells its properties. */
  async make(service: string, path: string, kind: string, properties: object): Promise<Record<string, unknown>> {
    const answer = await this.call(service, "POST", path, { [kind]: properties });
    return z.record(z.string(), z.record(z.string(), z.unknown())).parse(answer)[kind] ?? {};
  }

  /** As `make`, and tells only its id. */
  async makeId(service: string, path: string, kind: string, properties: object): Promise<string> {
    return Id.parse(await this.make(service, path, kind, properties)).id;
  }

  /** Its objects are to be deleted before. */
  async remove(): Promise<void> {
    const admin = await administrator();
    const { security_groups } = z
      .object({ security_groups: z.array(Id) })
      .parse(await admin.call("network", "GET", `/v2.0/security-groups?project_id=${this.projectId}`));
    await admin.call("identity", "DELETE", `/users/${this.userId}`);
    await admin.call("identity", "DELETE", `/projects/${this.projectId}`);
    for (const { id } of security_groups) await admin.call("network", "DELETE", `/v2.0/security-groups/${id}`);
  }
}

async function made(admin: AdminApi, kind: "project" | "user", properties: object): Promise<string> {
  const answer = await admin.call("identity", "POST", `/${kind}s`, { [kind]: properties });
  return z.record(z.string(), Id).parse(answer)[kind]?.id ?? "";
}

/** Asks until it is so. */
export async function until(what: string, seconds: number, isSo: () => Promise<boolean>): Promise<number> {
  const began = Date.now();
  while (!(await isSo())) {
    if (Date.now() - began > seconds * 1000) throw new Error(`${what}: not so after ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return Math.round((Date.now() - began) / 1000);
}
