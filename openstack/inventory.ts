import { UserError } from "../terminal/userError.ts";
import { ApiError } from "./apiError.ts";
import { type CloudObject, isKnownType, type SeenObject } from "./cloudObject.ts";
import { listFlavorsAndAggregates, listInstances, listKeyPairs, listServerGroups } from "./inventory/compute.ts";
import { listProjects, listUsers } from "./inventory/identity.ts";
import { listImages } from "./inventory/image.ts";
import { listLoadBalancers } from "./inventory/loadBalancer.ts";
import { listNetworkObjects } from "./inventory/network.ts";
import { listContainers } from "./inventory/objectStore.ts";
import { claim, type ExpectedObject } from "./inventory/ownership.ts";
import type { Scope } from "./inventory/scope.ts";
import { listVolumeObjects } from "./inventory/volume.ts";
import type { Service, Session } from "./session.ts";

export interface InventoryOptions {
  course: string;
  /** Ids of all its students: where they share a project, names `<course>-<student>-…` are told apart by them. @default those that tags name */
  students?: readonly string[];
  /** Looks only for what is these students'; the class's own things are left out, too. @default everybody, and the class */
  only?: readonly string[];
  /**
   * Projects that are known to be the course's, by id, with their student: a project that was deleted by hand leaves what was in it,
   * and no listing names it any more. @default none beside those with the course's tag
   */
  projects?: ReadonlyMap<string, string | undefined>;
  /**
   * Also what carries the course's tag outside of its projects. Whoever only asks whether known things are still there need not,
   * and is done in five sixths of the time (docs/performance.md). @default true
   */
  elsewhere?: boolean;
  /** What carries no tag and is known by its exact name: flavors, host aggregates, groups and their users. @default none */
  expected?: readonly ExpectedObject[];
}

/** Something that could not be looked at: whoever says "nothing is left" must look here first. */
export interface InventoryGap {
  service: Service;
  /** What is listed instead, or why nothing. */
  what: string;
}

/** Services by the part of a Pulumi token that names the provider's module. */
const SERVICE_OF_MODULE: Record<string, Service> = {
  identity: "identity",
  compute: "compute",
  networking: "network",
  vpnaas: "network",
  firewall: "network",
  blockstorage: "volume",
  objectstorage: "object-store",
  loadbalancer: "load-balancer",
  images: "image",
};
/** Found only under the names that are expected, so that not finding one says little. */
const KNOWN_BY_NAME = ["flavor:Flavor", "aggregateV2:AggregateV2", "groupV3:GroupV3", "user:User"];

/** Everything of a course that was found in the cloud, at one moment. */
export class Inventory {
  readonly all: readonly CloudObject[];
  readonly gaps: readonly InventoryGap[];
  readonly #byId: Map<string, CloudObject[]>;

  constructor(all: readonly CloudObject[], gaps: readonly InventoryGap[]) {
    this.all = all;
    this.gaps = gaps;
    this.#byId = Map.groupBy(all, ({ type, id }) => `${type} ${id}`);
  }

  /**
   * The object that a resource in Pulumi's state stands for.
   *
   * @param student whose stack it is: students' key pairs and containers may have the same id, which is their name
   */
  byId(type: string, id: string, student?: string): CloudObject | undefined {
    const found = this.#byId.get(`${type} ${id}`) ?? [];
    return student === undefined ? found[0] : found.find((object) => object.student === student);
  }

  /**
   * Whether what a resource in Pulumi's state stands for is there; also for what only joins two objects: an attachment.
   *
   * @param student as for {@link byId}
   * @returns undefined when this listing cannot tell: for roles, memberships and quotas, for what is known by its name alone, and where
   * there is a gap
   */
  has(type: string, id: string, student?: string): boolean | undefined {
    if (type === "openstack:compute/volumeAttach:VolumeAttach") {
      const [instanceId = "", volumeId = ""] = id.split("/");
      const instance = this.byId("openstack:compute/instance:Instance", instanceId, student);
      return instance === undefined ? this.#missing(type) : instance.instance?.volumeIds.includes(volumeId);
    }
    if (this.byId(type, id, student) !== undefined) return true;
    return isListed(type) ? this.#missing(type) : undefined;
  }

  /** Not found is not there – unless its service could not be looked at. */
  #missing(type: string): false | undefined {
    const service = SERVICE_OF_MODULE[type.split(/[:/]/)[1] ?? ""];
    return this.gaps.some((gap) => gap.service === service) ? undefined : false;
  }

  /** All that is one student's. */
  ofStudent(student: string): CloudObject[] {
    return this.all.filter((object) => object.student === student);
  }

  /** What the whole class shares. */
  get ofClass(): CloudObject[] {
    return this.all.filter(({ student }) => student === undefined);
  }
}

function isListed(type: string): boolean {
  return isKnownType(type) && !KNOWN_BY_NAME.some((name) => type.endsWith(`/${name}`));
}

/**
 * Lists everything in the cloud that belongs to a course; changes nothing. A service that the cloud does not have is skipped; one that
 * does not answer, or refuses, is a gap. A whole class costs a constant number of listings, beside one for each user's key pairs and
 * each project's containers, which Nova and Swift do not list together.
 *
 * @throws {UserError} when Keystone cannot be asked, or the login has ended.
 */
export async function readInventory(session: Session, options: InventoryOptions): Promise<Inventory> {
  const { course, students = [], only, expected = [], elsewhere = true } = options;
  const gaps: InventoryGap[] = [];
  const gapOf = (service: Service) => (what: string) => {
    gaps.push({ service, what });
  };
  const wanted = (student: string | undefined) =>
    only === undefined || (student !== undefined && only.includes(student));

  const tagged = await listProjects(session, course, gapOf("identity"));
  const projects = new Map(
    [...(options.projects ?? []), ...tagged.map(({ id, tags }) => [id, tags["student"]] as const)].filter(
      ([, student]) => wanted(student),
    ),
  );
  const ownProjectId = session.scope.projectId;
  const users = await listUsers(session, { groups: only === undefined && expected.length > 0, gap: gapOf("identity") });
  const claims = { course, ownProjectId, projects, students, expected };
  const scope: Scope = {
    ...{ session, course, elsewhere },
    projectIds: [...new Set([...projects.keys(), ownProjectId])],
    userIds: claim([...tagged, ...users], claims)
      .filter(({ type, student }) => type.endsWith(":User") && wanted(student))
      .map(({ id }) => id),
    gap: () => undefined,
  };

  const list = async (service: Service, read: (scope: Scope) => Promise<SeenObject[]>): Promise<SeenObject[]> => {
    if (!session.hasService(service)) return [];
    try {
      return await read({ ...scope, gap: gapOf(service) });
    } catch (error) {
      if (!(error instanceof UserError) || (error instanceof ApiError && error.status === 401)) throw error;
      gapOf(service)(error.message);
      return [];
    }
  };
  let ownVolumes: ReadonlyMap<string, string> = new Map();
  const instances = await list("compute", async (each) => {
    const found = await listInstances(each);
    ownVolumes = found.ownVolumes;
    return found.objects;
  });
  const others = await Promise.all([
    list("compute", listKeyPairs),
    list("compute", listServerGroups),
    only === undefined && expected.length > 0 ? list("compute", () => listFlavorsAndAggregates(session)) : [],
    list("network", listNetworkObjects),
    list("volume", (each) => listVolumeObjects(each, ownVolumes)),
    list("object-store", listContainers),
    list("load-balancer", listLoadBalancers),
    list("image", (each) => listImages(each, instances)),
  ]);
  const all = claim([...tagged, ...users, ...instances, ...others.flat()], claims);
  return new Inventory(
    all.filter(({ student }) => wanted(student)),
    gaps,
  );
}
