import { describe, expect, it } from "vitest";
import { differences, differencesInAll } from "../../bench/madeStudents.ts";
import type { SeenObject } from "../../openstack/cloudObject.ts";

let ids = 0;
function seen(type: string, more: Partial<SeenObject> = {}): SeenObject {
  ids += 1;
  return {
    service: "network",
    type: `openstack:${type}`,
    id: `id${ids}`,
    name: "",
    tags: {},
    automatic: false,
    ...more,
  };
}

/** A whole student of the variant "x". */
function student(name: string): SeenObject[] {
  const project = seen("identity/project:Project", { name });
  const user = seen("identity/user:User", { name });
  const inProject = (type: string, more: Partial<SeenObject> = {}) => seen(type, { projectId: project.id, ...more });
  const instance = { addresses: [], volumeIds: [], keyPairName: "key" };
  return [
    ...[project, user],
    seen("compute/keypair:Keypair", { userId: user.id }),
    ...["network:Network", "subnet:Subnet", "router:Router", "routerInterface:RouterInterface", "port:Port"].map(
      (type) => inProject(`networking/${type}`),
    ),
    inProject("networking/secGroup:SecGroup"),
    inProject("networking/secGroup:SecGroup", { name: "default", automatic: true }),
    ...[1, 2, 3].map(() => inProject("networking/secGroupRule:SecGroupRule")),
    inProject("networking/floatingIp:FloatingIp", { floatingIp: { address: "172.24.0.20", portId: "p" } }),
    inProject("compute/instance:Instance", { status: "ACTIVE", instance }),
  ];
}

const two = () => [...student("bn-x-s0001"), ...student("bn-x-s0002")];

describe("differences", () => {
  it("finds none in whole students", () => {
    expect(differences("x", two(), 2)).toEqual([]);
    expect(differences("x", [], 0)).toEqual([]);
  });

  it("finds every single thing that is missing", () => {
    const all = two();
    for (const object of all.filter(({ automatic }) => !automatic))
      expect(
        differences(
          "x",
          all.filter((each) => each !== object),
          2,
        ),
        object.type,
      ).not.toEqual([]);
  });

  it("finds what there is too much of", () => {
    expect(differences("x", two(), 1)).toEqual(["bn-x-s0002 should not be there"]);
    expect(differences("x", two(), 3)).toEqual(["bn-x-s0003 has no project"]);
    const all = two();
    const port = seen("networking/port:Port", { projectId: all[0]?.id ?? "" });
    expect(differences("x", [...all, port], 2)).toEqual(["bn-x-s0001 has 2 of Port, not 1"]);
  });

  it("finds an instance that does not run or has no key pair, and a floating IP that leads nowhere", () => {
    const changed = two().map((object): SeenObject => {
      if (object.type.endsWith(":Instance"))
        return { ...object, status: "ERROR", instance: { addresses: [], volumeIds: [] } };
      return object.type.endsWith(":FloatingIp") ? { ...object, floatingIp: { address: "172.24.0.20" } } : object;
    });
    expect(differences("x", changed, 2).filter((line) => line.startsWith("bn-x-s0001"))).toEqual([
      "bn-x-s0001 has an instance that is ERROR",
      "bn-x-s0001 has an instance without key pair",
      "bn-x-s0001 has a floating IP that leads nowhere",
    ]);
  });

  it("does not take a key pair of another user for the student's", () => {
    const all = two().map((object) => (object.type.endsWith(":Keypair") ? { ...object, userId: "admin" } : object));
    expect(differences("x", all, 2)).toEqual([
      ...["bn-x-s0001 has 0 of Keypair, not 1", "bn-x-s0002 has 0 of Keypair, not 1"],
    ]);
  });
});

describe("differencesInAll", () => {
  it("finds none in whole students, whosever project they are in", () => {
    const inOne = two().map((object) => (object.projectId === undefined ? object : { ...object, projectId: "admin" }));
    expect(differencesInAll(inOne, 2)).toEqual([]);
  });

  it("finds every single thing that is missing, and what there is too much of", () => {
    const all = two();
    for (const object of all.filter(({ automatic }) => !automatic))
      expect(
        differencesInAll(
          all.filter((each) => each !== object),
          2,
        ),
        object.type,
      ).toEqual([
        `${object.type.endsWith("Rule") ? 5 : 1} of ${object.type.replace(/^.*:/, "")}, not ${object.type.endsWith("Rule") ? 6 : 2}`,
      ]);
    expect(differencesInAll(all, 1)).toContain("2 of Port, not 1");
  });

  it("finds an instance that does not run, and a floating IP that leads nowhere", () => {
    const changed = two().map((object): SeenObject => {
      if (object.type.endsWith(":Instance")) return { ...object, status: "ERROR" };
      return object.floatingIp === undefined ? object : { ...object, floatingIp: { address: "172.24.0.20" } };
    });
    expect(differencesInAll(changed, 2)).toEqual(["2 instances are not active", "2 floating IPs lead nowhere"]);
  });
});
