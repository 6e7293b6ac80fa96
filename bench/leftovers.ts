import { z } from "zod";
import { describeObject, type SeenObject, tagEntries } from "../openstack/cloudObject.ts";
import { listInstances, listKeyPairs } from "../openstack/inventory/compute.ts";
import { listNetworkObjects } from "../openstack/inventory/network.ts";
import { deleteProjectLeftovers } from "../openstack/projectLeftovers.ts";
import { purge } from "../openstack/purge.ts";
import type { Session } from "../openstack/session.ts";
import { prefixOf } from "./student.ts";

const named = z.array(
  z.object({
    ...{ id: z.string(), name: z.string(), tags: z.array(z.string()).default([]) },
    default_project_id: z.string().nullish(),
  }),
);

/** What a variant has in the cloud, found through the API by an administrator, without asking the variant. */
export class Leftovers {
  readonly #session: Session;
  readonly #prefix: string;
  /** Also of those that are gone: what is left in a deleted project is found by its id alone. */
  readonly #projects = new Set<string>();
  readonly #users = new Set<string>();
  /** Ids of what was in the administrator's own project before. */
  readonly #before = new Set<string>();

  private constructor(session: Session, variant: string) {
    this.#session = session;
    this.#prefix = prefixOf(variant);
  }

  /** Before the variant makes anything. */
  static async begin(session: Session, variant: string): Promise<Leftovers> {
    const leftovers = new Leftovers(session, variant);
    for (const { id } of await leftovers.#list()) leftovers.#before.add(id);
    return leftovers;
  }

  /**
   * What there is now. `ours` is the variant's beyond doubt; what the cloud made by itself for its projects is `automatic`. `elsewhere` is
   * what is new in the administrator's own project: a variant's that does not work as the student, or somebody else's.
   */
  async find(): Promise<{ ours: SeenObject[]; elsewhere: SeenObject[] }> {
    const all = await this.#list();
    const evident = all.filter((object) => this.#isOurs(object));
    const ids = new Set(evident.map(({ id }) => id));
    // A router's interface has neither name nor tag.
    const parts = all.filter(({ id, partOf }) => !ids.has(id) && partOf !== undefined && ids.has(partOf));
    const ours = [...evident, ...parts];
    return { ours, elsewhere: all.filter((object) => !ours.includes(object) && this.#isNewElsewhere(object)) };
  }

  /** Deletes all that is the variant's. @returns what could not be deleted, and why */
  async sweep(): Promise<string[]> {
    const { ours } = await this.find();
    const { failed } = await purge(this.#session, ours, undefined, { timeoutSeconds: 120 });
    for (const id of this.#projects) await deleteProjectLeftovers(this.#session, id);
    return failed.map(({ object, reason }) => `${describeObject(object)}: ${reason}`);
  }

  async #list(): Promise<SeenObject[]> {
    const identities = [...(await this.#identities("projects")), ...(await this.#identities("users"))];
    const scope = {
      ...{ session: this.#session, course: this.#prefix, elsewhere: true, gap: () => undefined },
      projectIds: [...new Set([...this.#projects, this.#session.scope.projectId])],
      userIds: [...this.#users],
    };
    const { objects } = await listInstances(scope);
    return [...identities, ...objects, ...(await listNetworkObjects(scope)), ...(await listKeyPairs(scope))];
  }

  #isOurs({ projectId = "", userId = "", name, tags, type }: SeenObject): boolean {
    return (
      this.#projects.has(projectId) ||
      (projectId === "" && this.#users.has(userId)) ||
      tags["course"] === this.#prefix ||
      (this.#isName(name) && !type.endsWith(":Keypair"))
    );
  }

  #isNewElsewhere({ id, projectId, userId, automatic }: SeenObject): boolean {
    const { scope, user } = this.#session;
    const isAdministrators = projectId === undefined ? userId === user.id : projectId === scope.projectId;
    return isAdministrators && !automatic && !this.#before.has(id);
  }

  /** Of another variant, whose name begins with this one's, it is none. */
  #isName(name: string): boolean {
    return name === this.#prefix || (name.startsWith(this.#prefix) && /^-s\d{4}/.test(name.slice(this.#prefix.length)));
  }

  async #identities(kind: "projects" | "users"): Promise<SeenObject[]> {
    const answer = z.record(z.string(), z.unknown());
    const all = named.parse((await this.#session.request("identity", "GET", `/v3/${kind}`, answer))[kind]);
    const ours = all.filter(({ name }) => this.#isName(name));
    for (const { id } of ours) (kind === "projects" ? this.#projects : this.#users).add(id);
    return ours.map(({ id, name, tags, default_project_id }) => ({
      ...{ service: "identity" as const, id, name, tags: tagEntries(tags), automatic: false },
      type: kind === "projects" ? "openstack:identity/project:Project" : "openstack:identity/user:User",
      ...(default_project_id == null ? {} : { projectId: default_project_id }),
    }));
  }
}
