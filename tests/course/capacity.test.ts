import { describe, expect, it } from "vitest";
import { type CapacityInput, type CapacityLimits, certificate } from "../../course/capacity.ts";
import { addressesOf, capacityNeeds } from "../../course/capacityNeeds.ts";
import { sizeInLab } from "../../lab/quotaRules.ts";
import { LAB, labOf, labWith } from "../lab/aLab.ts";
import { ask, host, lab, needsOf, plenty, roomy, sizeOf } from "./capacityFixture.ts";

const rowOf = (input: CapacityInput, resource: string, where: RegExp) => {
  const found = certificate(input).rows.filter((row) => row.resource === resource && where.test(row.where));
  expect(found, `${resource} of ${String(where)}`).toHaveLength(1);
  return found[0];
};

describe("what a class takes", () => {
  it("counts by the lab's own plan: two routers, one floating IP, one instance", () => {
    const needs = needsOf("project");
    expect(needs.each).toMatchObject({ instances: 1, cores: 1, ramMiB: 512, routers: 2, floatingIps: 1, ports: 5 });
    expect(needs.addresses).toEqual({ public: { floatingIps: 1, routerGateways: 2, fixedIps: 0 } });
    expect(needs.instances).toEqual([{ name: "web1", vcpus: 1, ramMiB: 512, diskGiB: 4 }]);
    expect(needs.ownNetworks).toEqual([
      { name: "private", need: 2, have: 253 },
      { name: "other", need: 1, have: 253 },
    ]);
  });

  it("counts the group `default` once in a project that all share, and in each project of their own", () => {
    const [own, shared] = [needsOf("project").each, needsOf("shared").each];
    expect(own.securityGroups).toBe(2);
    expect(shared.securityGroups).toBe(1);
    expect(own.securityGroupRules - shared.securityGroupRules).toBe(4);
  });

  it("takes no disk of a host for an instance that boots from a volume", () => {
    const text = labWith("      web: apache", "      bootVolume: { sizeGiB: 8 }");
    const needs = needsOf("project", text);
    expect(needs.instances).toEqual([{ name: "web1", vcpus: 1, ramMiB: 512, diskGiB: 0 }]);
    expect(needs.each).toMatchObject({ volumes: 1, volumeGiB: 8 });
    expect(needs.largestVolumeGiB).toBe(8);
  });

  it("counts what the class itself still has to make in the teacher's project", () => {
    expect(needsOf("project", LAB, ["public"]).once).toEqual({ networks: 1, subnets: 1, ports: 0 });
    expect(needsOf("project").once).toEqual({ networks: 0, subnets: 0, ports: 0 });
  });

  it("gives each student a part of a large network, without the seats of those who are gone", () => {
    const text = labWith("      cidr: 192.168.100.0/24", "      cidr: { of: 10.20.0.0/16, each: 24 }");
    const shape = { network: "private", of: "10.20.0.0/16", each: 24 };
    const options = { tenancy: "project", sizeOf, networksToMake: [] } as const;
    expect(capacityNeeds(labOf(text), options).seats).toEqual([{ ...shape, parts: 256 }]);
    expect(capacityNeeds(labOf(text), { ...options, keptSeats: 6 }).seats).toEqual([{ ...shape, parts: 250 }]);
  });

  it("knows how many addresses a subnet gives out", () => {
    expect(addressesOf({ cidr: "10.0.0.0/28" })).toBe(13);
    expect(addressesOf({ cidr: "10.0.0.0/28" }, false)).toBe(14);
    expect(addressesOf({ cidr: "10.0.0.0/8", pools: ["10.0.0.210-10.0.0.220", "10.0.1.1-10.0.1.1"] })).toBe(12);
  });
});

describe("the certificate", () => {
  it("says what fits, the largest class and what runs out first", () => {
    const limits = { ...roomy, addresses: { public: { total: 241, used: 118, exact: true } } };
    const answer = certificate(ask({ limits }));
    expect(answer).toMatchObject({ fits: true, largestClass: 41, students: 30, notVisible: [] });
    expect(answer.firstToRunOut).toEqual({
      resource: "floating IPs and router gateways",
      where: "addresses of public",
    });
    expect(certificate(ask({ limits, students: 41 })).fits).toBe(true);
    expect(certificate(ask({ limits, students: 42 }))).toMatchObject({ fits: false, largestClass: 41 });
  });

  it.each([
    ["instances", "instances", 30],
    ["cores", "virtual CPUs", 30],
    ["ramMiB", "memory", 30 * 512],
    ["networks", "networks", 60],
    ["routers", "routers", 60],
    ["ports", "ports", 150],
    ["floatingIps", "floating IPs", 30],
    ["securityGroups", "security groups", 30],
    ["securityGroupRules", "security group rules", 150],
    ["keyPairs", "key pairs", 30],
  ] as const)("tells that a shared project is short by exactly one of %s", (name, resource, need) => {
    const project = (limit: number) =>
      ask({ limits: { ...roomy, project: { ...plenty(-1), [name]: { limit, used: 7 } } } });
    expect(certificate(project(need + 7)).fits).toBe(true);
    const short = project(need + 6);
    expect(rowOf(short, resource, /project/)).toMatchObject({ need, have: need - 1, missing: 1, mostStudents: 29 });
    expect(certificate(short)).toMatchObject({ fits: false, largestClass: 29, firstToRunOut: { resource } });
  });

  it("compares one student with the quota of a new project, or with the lab's own", () => {
    const needs = needsOf("project");
    const newProject = { ...plenty(-1), routers: { limit: 1, used: 0 }, instances: { limit: 0, used: 0 } };
    const input = ask({
      tenancy: "project",
      needs: { ...needs, labQuotas: { instances: 1 } },
      limits: { ...roomy, newProject },
    });
    expect(rowOf(input, "routers", /each student/)).toMatchObject({ need: 2, have: 1, missing: 1, mostStudents: 0 });
    expect(rowOf(input, "instances", /each student/)).toMatchObject({ missing: 0, note: "set by the lab" });
    expect(certificate(input)).toMatchObject({ fits: false, largestClass: 0 });
    // The teacher's own quota does not matter then.
    expect(certificate(ask({ tenancy: "project", needs, limits: { ...roomy, project: plenty(0) } })).fits).toBe(true);
  });

  it("counts nobody twice who is there already", () => {
    const limits = { ...roomy, addresses: { public: { total: 100, used: 30, exact: true } } };
    expect(certificate(ask({ limits, alreadyThere: 10 }))).toMatchObject({ fits: true, largestClass: 33 });
    expect(rowOf(ask({ limits, alreadyThere: 10 }), "floating IPs and router gateways", /public/)).toMatchObject({
      ...{ need: 60, have: 70, missing: 0 },
    });
  });

  it("needs nothing more of a class that is there, even where a quota was lowered since", () => {
    const project = { ...plenty(-1), routers: { limit: 3, used: 60 } };
    const input = ask({ alreadyThere: 30, limits: { ...roomy, project } });
    expect(certificate(input)).toMatchObject({ fits: true, largestClass: 30 });
    expect(rowOf(ask({ alreadyThere: 29, limits: { ...roomy, project } }), "routers", /project/)).toMatchObject({
      ...{ have: -57, need: 2, missing: 59, mostStudents: 29 },
    });
  });

  it("says what it could not see instead of calling it enough", () => {
    const limits: CapacityLimits = {
      ...{ project: {}, newProject: {}, addresses: {}, hosts: undefined, volumeGiB: undefined },
    };
    const answer = certificate(ask({ limits }));
    expect(answer).toMatchObject({ fits: true, largestClass: null, firstToRunOut: null });
    expect(answer.notVisible.join("; ")).toMatch(/quotas of instances, .*; addresses of public; compute hosts$/);
  });

  it("says where a limit is only an upper bound", () => {
    const limits = { ...roomy, addresses: { public: { total: 241, used: 0, exact: false } } };
    expect(rowOf(ask({ limits }), "floating IPs and router gateways", /public/)?.note).toMatch(/at most/);
  });

  it("does not add up hosts for an instance that fits on none of them", () => {
    const hosts = [host("c1", 500), host("c2", 500), host("c3", 500)];
    const input = ask({ students: 1, limits: { ...roomy, hosts: { hosts, source: "placement" } } });
    expect(rowOf(input, "memory", /hosts/)).toMatchObject({ have: 1500, missing: 0 });
    expect(rowOf(input, "places for instances", /hosts/)).toMatchObject({
      have: 0,
      missing: 1,
      note: "then web1 finds no host: memory",
    });
  });

  it("knows that a student's instance may be larger than a whole host", () => {
    const largest = { vcpus: 1, ramMiB: 256, diskGiB: 100 };
    const limits = { ...roomy, hosts: { hosts: [host("c1", 99_999, { largest })], source: "placement" } } as const;
    expect(certificate(ask({ students: 1, limits }))).toMatchObject({ fits: false, largestClass: 0 });
  });
});

it("counts the flavors that the lab makes as the lab has them, before the cloud has them", () => {
  const [small] = capacityNeeds(lab, {
    ...{ tenancy: "project", networksToMake: ["public"] },
    sizeOf: (name) => {
      const size = sizeInLab(lab)(name);
      return size === undefined ? undefined : { ...size, diskGiB: lab.class.flavors[name]?.diskGiB ?? 0 };
    },
  }).instances;
  expect(small).toEqual({ name: "web1", vcpus: 1, ramMiB: 512, diskGiB: 4 });
});
