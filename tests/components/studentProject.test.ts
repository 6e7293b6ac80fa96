import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StudentProject, type StudentProjectArgs } from "../../components/studentProject.ts";
import { ADMIN_TYPES } from "../support/adminTypes.ts";
import { mockCloud, TYPES, valueOf, type MockCloud } from "../support/mockCloud.ts";
import { secretOf } from "../support/secretOf.ts";

/** What Cinder and Neutron have before anything is set. */
const PRESENT = {
  "openstack:blockstorage/getQuotasetV3:getQuotasetV3": {
    volumes: 10,
    gigabytes: 1000,
    snapshots: 10,
    perVolumeGigabytes: -1,
    backups: 7,
    backupGigabytes: 700,
    groups: 5,
  },
  "openstack:networking/getQuotaV2:getQuotaV2": { securityGroup: 10, securityGroupRule: 100 },
};
const args: StudentProjectArgs = {
  projectName: "pyc",
  members: { stack1: { password: "hunter2", roles: { member: "role-member" } } },
};
let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud({ calls: PRESENT });
});
afterEach(() => cloud.drain());

describe("StudentProject", () => {
  it("makes a project and its user with a role, and no quotas", async () => {
    const project = new StudentProject("net101-pyc", { ...args, description: "practice", tags: ["course:net101"] });
    expect(await valueOf(project.projectId)).toBe("net101-pyc-project-id");
    expect(cloud.registrations.map(({ type, name }) => [type, name])).toEqual([
      ["classroom:index:StudentProject", "net101-pyc"],
      [ADMIN_TYPES.project, "net101-pyc-project"],
      [ADMIN_TYPES.user, "net101-pyc-stack1-user"],
      [ADMIN_TYPES.role, "net101-pyc-stack1-member-role"],
    ]);
    expect(cloud.only(ADMIN_TYPES.project)).toEqual({
      name: "pyc",
      description: "practice",
      tags: ["course:net101"],
    });
    const { password, ...user } = cloud.only(ADMIN_TYPES.user);
    expect(secretOf(password)).toBe("hunter2");
    expect(user).toEqual({ name: "stack1", defaultProjectId: "net101-pyc-project-id" });
    expect(cloud.only(ADMIN_TYPES.role)).toEqual({
      projectId: "net101-pyc-project-id",
      userId: "net101-pyc-stack1-user-id",
      roleId: "role-member",
    });
    expect(project.projectName).toBe("pyc");
    expect(Object.keys(project.userIds)).toEqual(["stack1"]);
  });

  it("gives every role to users made here and to those there already", async () => {
    const project = new StudentProject("p", {
      ...args,
      members: { mgr1: { password: "x", roles: { member: "m", reader: "r" }, email: "mgr1@example.org" } },
      existingMembers: { admin: { userId: "admin-id", roles: { admin: "a" } } },
    });
    await valueOf(project.projectId);
    expect(cloud.only(ADMIN_TYPES.user)["extra"]).toEqual({ email: "mgr1@example.org" });
    expect(cloud.named(ADMIN_TYPES.role, "p-mgr1-reader-role")["roleId"]).toBe("r");
    expect(cloud.named(ADMIN_TYPES.role, "p-mgr1-member-role")["roleId"]).toBe("m");
    expect(cloud.named(ADMIN_TYPES.role, "p-admin-admin-role")).toEqual({
      projectId: "p-project-id",
      userId: "admin-id",
      roleId: "a",
    });
    expect(project.userIds).not.toHaveProperty("admin");
  });

  it("is known to others only once roles and quotas are there", async () => {
    await valueOf(new StudentProject("p", { ...args, quotas: { instances: 2, volumes: 1, networks: 3 } }).projectId);
    expect(cloud.registrations.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        ADMIN_TYPES.role,
        ADMIN_TYPES.computeQuotas,
        ADMIN_TYPES.networkQuotas,
        ADMIN_TYPES.volumeQuotas,
      ]),
    );
  });

  it("deletes what the cloud made for the project when it is destroyed, if it knows how", async () => {
    const openstackCommand = "node openstack/main.ts --cloud local";
    await valueOf(new StudentProject("p", { ...args, openstackCommand }).projectId);
    expect(cloud.only(TYPES.command)).toEqual({
      create: ":",
      delete: '$OPENSTACK delete-project-leftovers "$PROJECT_ID"',
      environment: { OPENSTACK: openstackCommand, PROJECT_ID: "p-project-id" },
      triggers: ["p-project-id"],
      logging: "stderr",
    });
  });

  it("sets the quotas asked for and leaves the others as they are", async () => {
    const quotas = { instances: 2, cores: 0, ramMiB: 2048, keyPairs: -1, networks: 2, floatingIps: 1, volumeGiB: 5 };
    await valueOf(new StudentProject("p", { ...args, quotas }).projectId);
    const projectId = "p-project-id";
    expect(cloud.only(ADMIN_TYPES.computeQuotas)).toEqual({
      projectId,
      instances: 2,
      cores: 0,
      ram: 2048,
      keyPairs: -1,
    });
    expect(cloud.only(ADMIN_TYPES.networkQuotas)).toEqual({ projectId, network: 2, floatingip: 1 });
    expect(cloud.only(ADMIN_TYPES.volumeQuotas)).toEqual({
      projectId,
      volumes: 10,
      gigabytes: 5,
      snapshots: 10,
      perVolumeGigabytes: -1,
      backups: 7,
      backupGigabytes: 700,
      groups: 5,
    });
  });

  it("never sets the number of rules to 0 when only groups are asked for", async () => {
    await valueOf(new StudentProject("p", { ...args, quotas: { securityGroups: 3, volumes: 0 } }).projectId);
    expect(cloud.only(ADMIN_TYPES.networkQuotas)).toEqual({
      projectId: "p-project-id",
      securityGroup: 3,
      securityGroupRule: 100,
    });
    expect(cloud.only(ADMIN_TYPES.volumeQuotas)["volumes"]).toBe(0);
  });

  it("passes every quota on", async () => {
    const network = { networks: 1, subnets: 2, routers: 3, ports: 4, floatingIps: 5 };
    const quotas = { ...network, securityGroups: 6, securityGroupRules: 7, volumes: 8, volumeGiB: 9, snapshots: 10 };
    await valueOf(new StudentProject("p", { ...args, quotas }).projectId);
    expect(cloud.only(ADMIN_TYPES.networkQuotas)).toMatchObject({
      network: 1,
      subnet: 2,
      router: 3,
      port: 4,
      floatingip: 5,
      securityGroup: 6,
      securityGroupRule: 7,
    });
    expect(cloud.only(ADMIN_TYPES.volumeQuotas)).toMatchObject({ volumes: 8, gigabytes: 9, snapshots: 10 });
    expect(cloud.registrations.map(({ type }) => type)).not.toContain(ADMIN_TYPES.computeQuotas);
  });

  it.each<[Partial<StudentProjectArgs>, string]>([
    [{ projectName: "x".repeat(65) }, "projectName: "],
    [{ projectName: "x".repeat(65) }, "has 65 characters; use at most 64"],
    [{ projectName: " pyc" }, '" pyc" is empty or has spaces at an end'],
    [{ members: {} }, "members: nobody could log in to the project"],
    [{ members: { kim: { password: "x", roles: {} } } }, "members.kim.roles: is empty, and without a role"],
    [{ members: { kim: { password: "", roles: { member: "m" } } } }, "members.kim.password: is empty"],
    [{ members: { "": { password: "x", roles: { member: "m" } } } }, 'members.: "" is empty or has spaces'],
    [{ existingMembers: { admin: { userId: "a", roles: {} } } }, "existingMembers.admin.roles: is empty"],
    [
      { existingMembers: { stack1: { userId: "a", roles: { member: "m" } } } },
      "existingMembers.stack1: is the name of a user made here too",
    ],
    [{ quotas: { instances: 1.5 } }, "quotas.instances: 1.5 is not a quota; write a whole number from 0 to 2147483647"],
    [{ quotas: { ramMiB: -2 } }, "quotas.ramMiB: -2 is not a quota"],
    [{ quotas: { floatingIps: 0 } }, "quotas.floatingIps: 0 cannot be set; write at least 1"],
    [{ tags: ["a,b"] }, 'tags[0]: "a,b" has a comma or a slash'],
    [{ tags: [""] }, "tags[0]: has 0 characters"],
    [{ tags: Array.from({ length: 81 }, (_, index) => `t${index}`) }, "tags: 81 tags are too many; Keystone takes 80"],
  ])("refuses %j and registers nothing", async (wrong, reason) => {
    expect(() => new StudentProject("p", { ...args, ...wrong })).toThrow(reason);
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });

  it("names every bad argument at once, and no password", () => {
    const wrong = { projectName: "", members: { kim: { password: "hunter2", roles: {} } }, quotas: { cores: -5 } };
    expect(() => new StudentProject("p", wrong)).toThrow(
      [
        'StudentProject "p":',
        '  projectName: "" is empty or has spaces at an end; write a name without them',
        '  members.kim.roles: is empty, and without a role nobody can log in; give one, e.g. "member"',
        "  quotas.cores: -5 is not a quota; write a whole number from 0 to 2147483647, or -1 for unlimited",
      ].join("\n"),
    );
    expect(() => new StudentProject("p", wrong)).not.toThrow("hunter2");
  });
});
