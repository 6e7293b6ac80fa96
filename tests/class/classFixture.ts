import { rmSync } from "node:fs";
import { z } from "zod";
import { projectRoot } from "../../quickstart/commands.ts";
import { readEachStack, type StackState } from "../../engine/stackStates.ts";
import { describeObject } from "../../openstack/cloudObject.ts";
import { cloudSettings } from "../../openstack/cloudSettings.ts";
import { type Inventory, readInventory } from "../../openstack/inventory.ts";
import { deleteProjectLeftovers } from "../../openstack/projectLeftovers.ts";
import { purge } from "../../openstack/purge.ts";
import { Session } from "../../openstack/session.ts";
import { CLOUD, ClassFolder } from "./classFolder.ts";
import { keyPairsOf, revisionsOf, tracesOf } from "./cloudTraces.ts";
import { type DestroyResult, destroyResult, type UpResult, upResult } from "./results.ts";

const PROJECT = "openstack:identity/project:Project";
const USER = "openstack:identity/user:User";
const INSTANCE = "openstack:compute/instance:Instance";

/** How the cloud and the state of a student's stack differ. */
export interface Audit {
  /** In the cloud, but not in the state. */
  orphans: string[];
  /** In the state, but not in the cloud. */
  missing: string[];
  /** Operations that the state says were begun and never ended. */
  pending: string[];
}

export const CLEAN: Audit = { orphans: [], missing: [], pending: [] };

/** A class on the API-only cloud: what its teacher does, and what an administrator then finds in the cloud. */
export class ClassFixture extends ClassFolder {
  readonly session: Session;
  /** Ids of the course's projects and users, also of those that are gone. */
  readonly #projects = new Set<string>();
  readonly #users = new Set<string>();

  private constructor(course: string, session: Session) {
    super(course);
    this.session = session;
  }

  /** @param course an id that no other test has: what an aborted run left of it is deleted first */
  static async open(course: string): Promise<ClassFixture> {
    const fixture = new ClassFixture(course, await Session.open(cloudSettings(CLOUD)));
    await fixture.#sweep();
    return fixture;
  }

  /** @param expected exit code. @default 0 */
  up(args: readonly string[] = [], expected = 0): Promise<UpResult & { said: string }> {
    return this.json(upResult, expected, "up", "--yes", ...args);
  }

  destroy(args: readonly string[] = [], expected = 0): Promise<DestroyResult & { said: string }> {
    return this.json(destroyResult, expected, "destroy", "--yes", ...args);
  }

  /** What Pulumi knows, by student, as far as it can be read; the class's own under the empty name. */
  async states(): Promise<Map<string, StackState>> {
    const backend = { PULUMI_BACKEND_URL: `file://${this.hidden("state")}` };
    const ours = (name: string) => !name.endsWith("._operation");
    const { states } = await readEachStack({ projectFolder: projectRoot, env: backend }, ours);
    for (const { resources } of states.values())
      for (const { type, id } of resources) {
        if (type === PROJECT) this.#projects.add(id);
        if (type === USER) this.#users.add(id);
      }
    return new Map(Array.from(states, ([stack, state]) => [stack.slice(this.course.length + 1), state]));
  }

  /** Also those that the state does not know. */
  async #lookAround(): Promise<void> {
    await this.states();
    const named = z.array(z.object({ id: z.string(), name: z.string() }));
    const list = async (kind: "projects" | "users") =>
      named
        .parse((await this.session.request("identity", "GET", `/v3/${kind}`, z.record(z.string(), z.unknown())))[kind])
        .filter(({ name }) => name.startsWith(`${this.course}-`));
    for (const { id } of await list("projects")) this.#projects.add(id);
    for (const { id } of await list("users")) this.#users.add(id);
  }

  async stateOf(student: string): Promise<StackState> {
    const state = (await this.states()).get(student);
    if (state === undefined) throw new Error(`${student} has no stack`);
    return state;
  }

  /** Id of what the student's state has once of this kind. */
  async idOf(student: string, type: "project" | "instance"): Promise<string> {
    const wanted = type === "project" ? PROJECT : INSTANCE;
    const found = (await this.stateOf(student)).resources.filter((resource) => resource.type === wanted);
    if (found[0] === undefined || found.length > 1) throw new Error(`${student} has ${found.length} of ${wanted}`);
    return found[0].id;
  }

  /** Ids of the servers in the student's project, as Nova lists them. */
  async serversOf(student: string): Promise<string[]> {
    const path = `/servers?all_tenants=1&project_id=${await this.idOf(student, "project")}`;
    const schema = z.object({ servers: z.array(z.object({ id: z.string() })) });
    return (await this.session.request("compute", "GET", path, schema)).servers.map(({ id }) => id);
  }

  /** As `classroom` itself lists it. */
  async inventory(): Promise<Inventory> {
    await this.#lookAround();
    const projects = new Map(Array.from(this.#projects, (id) => [id, undefined] as const));
    return readInventory(this.session, { course: this.course, projects });
  }

  async audit(student: string): Promise<Audit> {
    const { resources, pending } = await this.stateOf(student);
    const inventory = await readInventory(this.session, { course: this.course, students: [student] });
    const known = new Set(resources.map(({ type, id }) => `${type} ${id}`));
    return {
      orphans: inventory
        .ofStudent(student)
        .filter(({ type, id, automatic }) => !automatic && !known.has(`${type} ${id}`))
        .map(describeObject),
      missing: resources
        .filter(({ type, id }) => type.startsWith("openstack:") && inventory.has(type, id, student) === false)
        .map(({ type, id }) => `${type} ${id}`),
      pending: pending.map(({ type, resource }) => `${type} ${resource.urn}`),
    };
  }

  /** How often each of the student's things was changed, as the cloud counts. */
  async revisions(student: string): Promise<Record<string, string>> {
    return revisionsOf(this.session, await this.idOf(student, "project"));
  }

  /** Everything in the cloud that has to do with the course. */
  async traces(): Promise<string[]> {
    await this.#lookAround();
    const words = [`"course:${this.course}"`, `"${this.course}-`, ...this.#projects, ...this.#users];
    return [...(await tracesOf(this.session, words)), ...(await keyPairsOf(this.session, [...this.#users]))];
  }

  /** Whatever happened: nothing stays in the cloud or on the disk. */
  async close(): Promise<void> {
    try {
      await this.#sweep();
    } finally {
      this.remove();
    }
  }

  /** As if nothing had ever been made. */
  async startOver(): Promise<void> {
    await this.#sweep();
    rmSync(this.hidden("state"), { recursive: true, force: true });
  }

  async #sweep(): Promise<void> {
    const { all } = await this.inventory();
    const { failed } = await purge(this.session, all);
    for (const id of this.#projects) await deleteProjectLeftovers(this.session, id);
    for (const { object, reason } of failed) console.error(`left behind: ${describeObject(object)}: ${reason}`);
  }
}
