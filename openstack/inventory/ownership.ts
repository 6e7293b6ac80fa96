import type { CloudObject, Evidence, SeenObject } from "../cloudObject.ts";

/** An object that carries no tag and is known by its exact name, such as a flavor. */
export interface ExpectedObject {
  type: string;
  name: string;
  /** Undefined for what the whole class shares. */
  student?: string;
}

export interface Claims {
  course: string;
  /** The project that is logged in to: its objects need a proof, because others may work in it, too. */
  ownProjectId: string;
  /** The course's own projects, by id; undefined for those of the whole class. Everything in them is the course's. */
  projects: ReadonlyMap<string, string | undefined>;
  /** Ids, by which names `<course>-<student>-…` are told apart. */
  students: readonly string[];
  expected: readonly ExpectedObject[];
}

interface Owner {
  student: string | undefined;
  because: Evidence;
}

/** What of all that was seen is the course's, and whose. An object that says it is another course's is not, whatever it is called. */
export function claim(seen: readonly SeenObject[], claims: Claims): CloudObject[] {
  const students = knownStudents(seen, claims);
  const owners = new Map<SeenObject, Owner>();
  for (const object of seen) {
    const owner = ownOwner(object, claims) ?? ownerByName(object, claims, students);
    if (owner !== undefined) owners.set(object, owner);
  }
  claimParts(seen, owners, claims);
  return seen.flatMap((object) => {
    const owner = owners.get(object);
    if (owner === undefined) return [];
    const { student, because } = owner;
    return [{ ...object, because, ...(student === undefined ? {} : { student }) }];
  });
}

/** The longest first: `kim-a` before `kim`. */
function knownStudents(seen: readonly SeenObject[], { course, students, projects }: Claims): string[] {
  const tagged = seen.flatMap(({ tags: { course: of, student } }) => (of === course && student ? [student] : []));
  const all = [...students, ...tagged, ...[...projects.values()].flatMap((student) => student ?? [])];
  return [...new Set(all)].sort((one, other) => other.length - one.length);
}

function ownOwner({ id, tags, projectId = "" }: SeenObject, { course, projects }: Claims): Owner | undefined {
  // The project comes first: what a student writes on their own things must not make them another's.
  for (const project of [projectId, id])
    if (projects.has(project))
      return { student: projects.get(project), because: tags["course"] === course ? "tag" : "project" };
  return tags["course"] === course ? { student: tags["student"], because: "tag" } : undefined;
}

function ownerByName(
  { type, name, tags, projectId, partOf }: SeenObject,
  { course, ownProjectId, expected }: Claims,
  students: readonly string[],
): Owner | undefined {
  if (tags["course"] !== undefined || (projectId !== undefined && projectId !== ownProjectId)) return undefined;
  const known = expected.find((each) => each.type === type && each.name === name);
  if (known !== undefined) return { student: known.student, because: "name" };
  // Whatever is inside a container has a name that its user chose.
  if (type === "openstack:objectstorage/containerObject:ContainerObject" && partOf !== undefined) return undefined;
  const student = students.find((each) => name.startsWith(`${course}-${each}-`));
  return student === undefined ? undefined : { student, because: "name" };
}

/** Parts of parts follow in the next round: a port's floating IP, where the port is a router's. */
function claimParts(seen: readonly SeenObject[], owners: Map<SeenObject, Owner>, { course }: Claims): void {
  const byId = Map.groupBy(seen, ({ id }) => id);
  for (let grown = true; grown;) {
    grown = false;
    for (const object of seen) {
      if (owners.has(object) || object.partOf === undefined) continue;
      if (object.tags["course"] !== undefined && object.tags["course"] !== course) continue;
      const whole = byId
        .get(object.partOf)
        ?.find((each) => owners.has(each) && sameProject(each, object) && each !== object);
      if (whole === undefined) continue;
      owners.set(object, { student: owners.get(whole)?.student, because: "part" });
      grown = true;
    }
  }
}

/** What an administrator shelves is kept as an image in the administrator's project. */
function sameProject({ projectId: one }: SeenObject, { projectId: other, automatic }: SeenObject): boolean {
  return automatic || one === undefined || other === undefined || one === other;
}
