import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SeenObject } from "../../openstack/cloudObject.ts";
import { claim, type Claims } from "../../openstack/inventory/ownership.ts";

const PORT = "openstack:networking/port:Port";
const KEY_PAIR = "openstack:compute/keypair:Keypair";

function seen(change: Partial<SeenObject>): SeenObject {
  return { service: "network", type: PORT, id: "one", name: "", tags: {}, automatic: false, ...change };
}

const CLAIMS: Claims = {
  course: "net101",
  ownProjectId: "teacher",
  projects: new Map([
    ["project-kim", "kim"],
    ["project-class", undefined],
  ]),
  students: ["kim", "kim-a", "lee"],
  expected: [],
};

const owners = (objects: SeenObject[], claims: Partial<Claims> = {}) =>
  claim(objects, { ...CLAIMS, ...claims }).map(({ id, student, because }) => [id, student, because]);

describe("claim", () => {
  it.each<[string, Partial<SeenObject>, (string | undefined)[]]>([
    ["its tag", { tags: { course: "net101", student: "lee" } }, ["lee", "tag"]],
    ["its tag, for the class", { tags: { course: "net101" } }, [undefined, "tag"]],
    ["its student's project, though it has no tag yet", { projectId: "project-kim" }, ["kim", "project"]],
    ["a project of the class", { projectId: "project-class" }, [undefined, "project"]],
    ["its name in the teacher's project", { projectId: "teacher", name: "net101-lee-vm" }, ["lee", "name"]],
    ["its name, with the longer id", { projectId: "teacher", name: "net101-kim-a-vm" }, ["kim-a", "name"]],
    ["its name, where it has no project", { type: KEY_PAIR, name: "net101-lee-key" }, ["lee", "name"]],
  ])("knows an object by %s", (_what, change, [student, because]) => {
    expect(owners([seen(change)])).toEqual([["one", student, because]]);
  });

  it.each<[string, Partial<SeenObject>]>([
    ["in the teacher's project without a proof", { projectId: "teacher", name: "vm" }],
    ["of another course, whatever its name", { projectId: "teacher", name: "net101-lee-vm", tags: { course: "db" } }],
    ["in a stranger's project, whatever its name", { projectId: "stranger", name: "net101-lee-vm" }],
    ["of a student nobody knows", { projectId: "teacher", name: "net101-choi-vm" }],
    ["whose name only begins alike", { projectId: "teacher", name: "net1012-lee-vm" }],
  ])("leaves alone what is %s", (_what, change) => {
    expect(owners([seen(change)])).toEqual([]);
  });

  it("believes a project more than a tag that its student may have written", () => {
    expect(owners([seen({ projectId: "project-kim", tags: { course: "net101", student: "lee" } })])).toEqual([
      ["one", "kim", "tag"],
    ]);
    expect(owners([seen({ projectId: "project-kim", tags: { course: "db", student: "lee" } })])).toEqual([
      ["one", "kim", "project"],
    ]);
  });

  it("knows parts by what they are part of, and their parts", () => {
    const objects = [
      seen({ id: "floating-ip", projectId: "teacher", partOf: "interface" }),
      seen({ id: "interface", projectId: "teacher", partOf: "router" }),
      seen({ id: "router", projectId: "teacher", tags: { course: "net101", student: "lee" } }),
      seen({ id: "other", projectId: "teacher", partOf: "nothing known" }),
    ];
    expect(owners(objects)).toEqual([
      ["floating-ip", "lee", "part"],
      ["interface", "lee", "part"],
      ["router", "lee", "tag"],
    ]);
  });

  it("does not take a thing in a container of the same name in another project for a part", () => {
    const container = seen({ id: "box", name: "box", projectId: "project-kim" });
    expect(owners([container, seen({ id: "box/a", partOf: "box", projectId: "teacher" })])).toEqual([
      ["box", "kim", "project"],
    ]);
  });

  it("takes what an administrator has shelved as a part, though it lies in the administrator's project", () => {
    const instance = seen({ id: "vm", projectId: "project-kim" });
    const image = seen({ id: "image", projectId: "teacher", partOf: "vm", automatic: true });
    expect(owners([instance, image])).toEqual([
      ["vm", "kim", "project"],
      ["image", "kim", "part"],
    ]);
  });

  it("knows what is expected by its exact name", () => {
    const type = "openstack:compute/flavor:Flavor";
    const expected = [{ type, name: "m1.xsmall" }];
    const objects = ["m1.xsmall", "m1.xsmall2"].map((name) => seen({ type, id: name, name }));
    expect(owners(objects, { expected })).toEqual([["m1.xsmall", undefined, "name"]]);
  });

  it("never claims what says it is another course's outside the course's projects", () => {
    const text = fc.constantFrom("net101", "db", "kim", "lee", "net101-lee-vm", "teacher", "stranger", "router", "");
    const object = fc
      .record({ id: text, name: text, projectId: text, partOf: text, course: fc.constantFrom("db", "net1012", "") })
      .map(({ course, ...rest }) => seen({ ...rest, tags: { course } }));
    fc.assert(
      fc.property(fc.array(object), (objects) => {
        expect(claim(objects, CLAIMS)).toEqual([]);
      }),
    );
  });
});
