import type { z } from "zod";
import { cloudSettings, type CloudSettings } from "../../openstack/cloudSettings.ts";
import { nothing, type RequestOptions, type Service, Session } from "../../openstack/session.ts";
import { AdaptiveLimit } from "./adaptiveLimit.ts";

/** The first microversion of Nova in which an administrator works on other users' key pairs. */
export const KEY_PAIRS_OF_USERS = "2.10";

/** As with the other tools, which wait without end: on a cloud of two cores some floating IP of thirty at once takes more than half a minute. */
const PATIENCE_SECONDS = 300;

/** A login through which calls are made, with as many at once as the cloud takes. */
export class Login {
  readonly #session: Session;
  readonly #limit: AdaptiveLimit;
  /** Which student the calls are for: earlier ones go first. */
  readonly #order: number;

  constructor(session: Session, limit: AdaptiveLimit, order: number) {
    this.#session = session;
    this.#limit = limit;
    this.#order = order;
  }

  get(service: Service, path: string): Promise<void>;
  get<T>(service: Service, path: string, schema: z.ZodType<T>): Promise<T>;
  get<T>(service: Service, path: string, schema?: z.ZodType<T>): Promise<T | undefined> {
    return this.#call(service, "GET", path, schema ?? nothing, {});
  }

  post<T>(service: Service, path: string, body: object, schema: z.ZodType<T>): Promise<T> {
    return this.#call(service, "POST", path, schema, { body });
  }

  async put(service: Service, path: string, body?: object): Promise<void> {
    await this.#call(service, "PUT", path, nothing, body === undefined ? {} : { body });
  }

  async delete(service: Service, path: string, microversion?: string): Promise<void> {
    await this.#call(service, "DELETE", path, nothing, microversion === undefined ? {} : { microversion });
  }

  #call<T>(
    service: Service,
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    schema: z.ZodType<T>,
    options: RequestOptions,
  ): Promise<T> {
    const kind = `${method} ${service} ${path.replace(/[?].*$/, "").replace(/[0-9a-f]{8}-?[0-9a-f-]{23,}/g, "{id}")}`;
    const patient = { ...options, seconds: PATIENCE_SECONDS };
    return this.#limit.run(kind, this.#order, () => this.#session.request(service, method, path, schema, patient));
  }
}

/** The cloud of OS_CLOUD, at which an administrator and many students are logged in. */
export class Cloud {
  readonly #settings: CloudSettings;
  readonly #limit = new AdaptiveLimit();
  readonly #session: Session;

  private constructor(settings: CloudSettings, session: Session) {
    this.#settings = settings;
    this.#session = session;
  }

  static async open(): Promise<Cloud> {
    const settings = cloudSettings(process.env["OS_CLOUD"]);
    return new Cloud(settings, await Session.open(settings));
  }

  get domainId(): string {
    return this.#session.scope.domainId;
  }

  /** The administrator, working for one student. */
  administrator(order: number): Login {
    return new Login(this.#session, this.#limit, order);
  }

  async student(order: number, username: string, password: string, projectId: string): Promise<Login> {
    const credentials = {
      ...{ method: "password" as const, username, password, userDomain: { id: this.domainId } },
      project: { id: projectId },
    };
    const session = await this.#limit.run("login", order, () =>
      Session.open({ ...this.#settings, source: username, credentials }),
    );
    return new Login(session, this.#limit, order);
  }
}
