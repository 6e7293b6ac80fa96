import { z } from "zod";
import { describeObject, type SeenObject, tagEntries } from "../openstack/cloudObject.ts";
import { listInstances, listKeyPairs } from "../openstack/inventory/compute.ts";
import { listNetworkObjects } from "../openstack/inventory/network.ts";
import { deleteProjectLeftovers } from "../openstack/projectLeftovers.ts";
import { purge } from "../openstack/purge.ts";
import type { Session } from "../openstack/session.ts";
import { prefixOf } from "./student.ts";

const named = z.array(z.object({ id: z.string(), name: z.string(), tags: z.array(z.string()).default([]) }));

/** What a variant has in the cloud, found through the API by an administrator, without asking the variant. */
export class Leftovers {
  readonly #session: Session;
  readonly #prefix: string;
  /** Also of those that are gone: what is left in a deleted project is found by its id alone. */
  readonly #projects = new Set<string>();
  readonly #users = new Set<string>();

  constructor(session: Session, variant: string) {
    this.#session = session;
    this.#prefix = prefixOf(variant);
  }

  /** Notes ids of projects and users while they are there. */
  async remember(): Promise<void> {
    for (const { id } of await this.#identities("projects")) this.#projects.add(id);
    for (const { id } of await this.#identities("users")) this.#users.add(id);
  }

  /** Everything of the variant that is there now. What the cloud made by itself for its projects is `automatic`. */
  async find(): Promise<SeenObject[]> {
    await this.remember();
    const scope = {
      ...{ session: this.#session, course: this.#prefix, gap: () => undefined },
      ...{ projectIds: [...this.#projects], userIds: [...this.#users] },
    };
    const { objects: instances } = await listInstances(scope);
    const others = [...(await listNetworkObjects(scope)), ...(await listKeyPairs(scope))];
    const identities = [...(await this.#identities("projects")), ...(await this.#identities("users"))];
    return [...instances, ...others].filter((object) => this.#isOurs(object)).concat(identities);
  }

  /** Deletes all of it. @returns what could not be deleted, and why */
  async sweep(): Promise<string[]> {
    const found = await this.find();
    const { failed } = await purge(this.#session, found, undefined, { timeoutSeconds: 120 });
    for (const id of this.#projects) await deleteProjectLeftovers(this.#session, id);
    return failed.map(({ object, reason }) => `${describeObject(object)}: ${reason}`);
  }

  /** Neutron and Nova also list what is in the administrator's own project. */
  #isOurs({ projectId, userId, name, tags }: SeenObject): boolean {
    return (
      this.#projects.has(projectId ?? "") ||
      (projectId === undefined && this.#users.has(userId ?? "")) ||
      tags["course"] === this.#prefix ||
      this.#isName(name)
    );
  }

  #isName(name: string): boolean {
    return name === this.#prefix || name.startsWith(`${this.#prefix}-s`);
  }

  async #identities(kind: "projects" | "users"): Promise<SeenObject[]> {
    const answer = z.record(z.string(), z.unknown());
    const all = named.parse((await this.#session.request("identity", "GET", `/v3/${kind}`, answer))[kind]);
    const type = kind === "projects" ? "openstack:identity/project:Project" : "openstack:identity/user:User";
    return all
      .filter(({ name }) => this.#isName(name))
      .map(({ id, name, tags }) => ({
        ...{ service: "identity" as const, type, id, name, tags: tagEntries(tags), automatic: false },
      }));
  }
}
