import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { studentDemand, times } from "../../lab/demand.ts";
import { idProblems } from "../../lab/identity.ts";
import { overlap, parseIpv4Block } from "../../lab/ipv4.ts";
import { sizeInLab } from "../../lab/quotaRules.ts";
import { assignSeats } from "../../lab/seats.ts";
import { objectName, planClass, planStudent } from "../../lab/studentPlan.ts";
import { LAB, labOf, labWith } from "./aLab.ts";

const id = fc.stringMatching(/^[a-z][a-z0-9]{0,18}[a-z0-9]$/);
const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 40 });
const OWN = labOf(
  labWith("cidr: 192.168.101.0/24", "cidr: { of: 10.20.0.0/16, each: 24 }").replace(
    "project: {}",
    "project: { name: pyc, users: { stack1: {}, mgr1: { roles: [reader] } } }",
  ),
);
const SHARED = labOf(LAB.replace("  project: {}\n", "  keyPair: key1\n"));

const students = (names: readonly string[]) => {
  const seats = assignSeats({}, names);
  return names.map((each) => ({ id: each, name: each.toUpperCase(), seat: seats[each] ?? -1 }));
};

describe("seats", () => {
  it("are never shared, and never taken away by those who come, go, or are in another order", () => {
    fc.assert(
      fc.property(ids, ids, fc.func(fc.boolean()), (first, newcomers, stays) => {
        const before = assignSeats({}, first);
        const roster = [...newcomers, ...first.filter(stays)].reverse();
        const after = assignSeats(before, roster);
        for (const each of first) expect(after[each]).toBe(before[each]);
        for (const each of roster) expect(after[each]).toBeGreaterThanOrEqual(0);
        expect(new Set(Object.values(after)).size).toBe(Object.keys(after).length);
        expect(assignSeats(after, roster)).toEqual(after);
      }),
    );
  });

  it("begin at 0 without gaps, and a gap is filled first", () => {
    expect(assignSeats({}, ["kim", "lee", "park"])).toEqual({ kim: 0, lee: 1, park: 2 });
    expect(assignSeats({ kim: 0, park: 2 }, ["park", "lee", "choi"])).toEqual({ kim: 0, lee: 1, park: 2, choi: 3 });
  });
});

describe("the plan of a class", () => {
  it.each([
    ["with a project for each student", OWN],
    ["in one project", SHARED],
  ])("has names that nobody else has, short enough for OpenStack and for hosts, %s", (_what, lab) => {
    fc.assert(
      fc.property(id, ids, (course, names) => {
        const plans = students(names).map((student) => planStudent(lab, course, student, "class"));
        const unique = (all: readonly string[]) => {
          expect(new Set(all).size).toBe(all.length);
          for (const name of all) expect(name.length).toBeLessThanOrEqual(255);
        };
        unique(plans.map(({ prefix }) => prefix));
        unique(plans.flatMap(({ project }) => (project === undefined ? [] : [project.name])));
        unique(plans.flatMap(({ project }) => Object.keys(project?.users ?? {})));
        // Of what is in a project of its own, the name is the lab's.
        const inProject = (role: string) =>
          plans.map((plan) => `${plan.project?.name ?? ""}/${objectName(plan, role)}`);
        unique(inProject("web1"));
        unique(inProject("private"));
        unique(plans.map(({ project, keyPairName }) => `${project?.name ?? ""}/${keyPairName}`));
        for (const plan of plans) expect(objectName(plan, "web1").length).toBeLessThanOrEqual(63);
        for (const { student, tags } of plans)
          expect(tags).toEqual([`course:${course}`, `student:${student.id}`, "managed-by:classroom"]);
      }),
    );
  });

  it("gives each student addresses of their own where the lab says so", () => {
    fc.assert(
      fc.property(ids, fc.integer({ min: 22, max: 28 }), (names, each) => {
        const lab = labOf(labWith("cidr: 192.168.101.0/24", `cidr: { of: 10.20.0.0/16, each: ${each} }`));
        const blocks = planClass(lab, "c", students(names)).students.flatMap(
          ({ networks }) => parseIpv4Block(networks["other"]?.cidr ?? "") ?? [],
        );
        expect(blocks).toHaveLength(names.length);
        const whole = parseIpv4Block("10.20.0.0/16");
        for (const [index, block] of blocks.entries()) {
          expect(block.prefix).toBe(each);
          expect(block.first).toBeGreaterThanOrEqual(whole?.first ?? NaN);
          expect(block.last).toBeLessThanOrEqual(whole?.last ?? NaN);
          for (const other of blocks.slice(0, index)) expect(overlap(block, other)).toBe(false);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("does not depend on who else is in the class", () => {
    fc.assert(
      fc.property(ids, fc.func(fc.boolean()), (names, stays) => {
        const all = students(names);
        const some = all.filter(({ id: each }) => stays(each));
        const plans = planClass(OWN, "c", all).students;
        expect(planClass(OWN, "c", some).students).toEqual(
          plans.filter(({ student }) => some.some((each) => each.id === student.id)),
        );
      }),
    );
  });

  it("names who is left without addresses", () => {
    const lab = labOf(labWith("cidr: 192.168.101.0/24", "cidr: { of: 10.20.0.0/23, each: 24 }"));
    expect(planClass(lab, "c", students(["a", "b", "c"])).problems).toEqual([
      {
        path: "student.networks.other.cidr",
        reason: "10.20.0.0/23 has 2 parts of /24, and none is left for c; use a larger network",
      },
    ]);
  });

  it("names a user whom two students would have", () => {
    const lab = labOf(labWith("project: {}", "project: { name: p, users: { u: {}, u-c: {} } }"));
    expect(planClass(lab, "c", students(["b", "c"])).problems).toEqual([]);
    expect(planClass(lab, "c", students(["c-x", "x"])).problems).toEqual([
      {
        path: "student.project.users",
        reason: '"u-c-c-x" would be a user of c-x and of x; rename a user of the lab or change one id',
      },
    ]);
  });

  it("takes as much as all students together", () => {
    fc.assert(
      fc.property(ids, (names) => {
        const one = studentDemand(OWN, sizeInLab(OWN));
        expect(planClass(OWN, "c", students(names)).demand).toEqual(times(one, names.length));
        const half = Math.floor(names.length / 2);
        for (const [key, all] of Object.entries(times(one, names.length))) {
          const parts = [times(one, half), times(one, names.length - half)].map(
            (part) => new Map(Object.entries(part)).get(key) ?? NaN,
          );
          expect(all).toBe((parts[0] ?? NaN) + (parts[1] ?? NaN));
        }
      }),
    );
  });
});

describe("the plan of one student", () => {
  const kim = { id: "kim", name: "Kim", seat: 0 };
  it("has the lab's very names in a stack of its own, and the course and student beside them in a class", () => {
    const solo = planStudent(OWN, "net101", kim, "solo");
    expect(solo.project).toMatchObject({
      name: "pyc",
      users: { stack1: { roles: ["member"] }, mgr1: { roles: ["reader"] } },
    });
    const inClass = planStudent(OWN, "net101", kim, "class");
    expect(inClass.project?.name).toBe("pyc-net101-kim");
    expect(Object.keys(inClass.project?.users ?? {})).toEqual(["stack1-net101-kim", "mgr1-net101-kim"]);
    expect(objectName(inClass, "web1")).toBe("web1");
    expect(planStudent(SHARED, "net101", kim, "class")).toMatchObject({
      project: undefined,
      keyPairName: "net101-kim-key1",
    });
    expect(planStudent(labOf(LAB), "net101", kim, "class").keyPairName).toBe("net101-kim-key");
  });

  it("has rules with addresses, a network's name having become its own", () => {
    expect(planStudent(OWN, "net101", kim, "class").securityGroups["web"]).toEqual([
      { name: "ping-from-anywhere", protocol: "icmp", remoteIpPrefix: "0.0.0.0/0" },
      { name: "http-from-anywhere", protocol: "tcp", port: 80, remoteIpPrefix: "0.0.0.0/0" },
      { name: "ssh-from-private", protocol: "tcp", port: 22, remoteIpPrefix: "192.168.100.0/24" },
    ]);
    const own = labOf(
      labWith("cidr: 192.168.101.0/24", "cidr: { of: 10.20.0.0/16, each: 24 }").replace("from: private", "from: other"),
    );
    expect(planStudent(own, "c", { ...kim, seat: 7 }, "class").securityGroups["web"]?.[2]?.remoteIpPrefix).toBe(
      "10.20.7.0/24",
    );
  });

  it("counts every thing that a quota counts", () => {
    expect(studentDemand(OWN, sizeInLab(OWN))).toEqual({
      ...{ instances: 1, cores: 1, ramMiB: 512, keyPairs: 1, networks: 2, subnets: 2, routers: 2 },
      // The instance, two router interfaces, DHCP on two networks.
      ports: 5,
      ...{ floatingIps: 1, volumes: 0, volumeGiB: 0, snapshots: 0 },
      // Two groups, the default one included; three rules and the two that every group begins with, and the default's four.
      ...{ securityGroups: 2, securityGroupRules: 9 },
    });
  });
});

it("ids of courses and students are what names can be made of", () => {
  fc.assert(
    fc.property(id, (text) => {
      expect(idProblems("id", text)).toEqual([]);
    }),
  );
});
