import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { derivePassword } from "../../lab/passwords.ts";
import { TYPES, valueOf } from "../support/mockCloud.ts";
import { programRun, type ProgramRun } from "../support/programRun.ts";

/** What every ready lab is made of. */
const COMMON = [
  ...[
    "ProviderNetwork",
    "StudentProject",
    "SelfServiceNetwork",
    "RouterWithGateway",
    "InstanceSecurityGroup",
    "KeyPair",
  ],
  "WebServerInstance",
];
const SEED = "0123456789abcdef0123456789abcdef";
const lab = {
  lab: "small",
  title: "A small lab",
  class: { providerNetworks: { public: { physicalNetwork: "public", cidr: "172.24.4.0/24" } } },
  student: {
    networks: { private: { cidr: "192.168.100.0/24" } },
    instances: { web1: { image: "cirros", flavor: "m1.nano", network: "private" } },
  },
};

let program: ProgramRun;
beforeEach(async () => {
  program = await programRun();
});
afterEach(() => program.close());

describe("labs with projects", () => {
  it("makes a student's own things as that student, in a project of their own with the names of the lab", async () => {
    const stack = await program.run(
      {
        ...lab,
        student: { ...lab.student, project: { name: "pyc", users: { stack1: {} }, quotas: { instances: 4 } } },
      },
      { passwordSeed: SEED },
    );
    await program.cloud.drain();
    const password = derivePassword(SEED, ["dev", "user", "dev-kim", "stack1"]);
    expect(program.cloud.only("pulumi:providers:openstack")).toMatchObject({
      authUrl: program.openstack.authUrl,
      cloud: "",
      tenantId: "dev-kim-project-project-id",
      userName: "stack1",
      userDomainId: "default",
      projectDomainId: "default",
    });
    expect(program.cloud.named(TYPES.instance, "dev-kim-web1-instance")["name"]).toBe("web1");
    expect(stack.project).toMatchObject({ userName: "stack1", projectName: "pyc" });
    if (stack.password === null) throw new Error("there is no password");
    expect([await valueOf(stack.password), await pulumi.isSecret(stack.password)]).toEqual([password, true]);
  });

  it("names a firewall group as the lab does, where the project is the student's own", async () => {
    const provider = { gateway: "public", interfaces: ["private"] };
    const more = { routers: { router: provider }, firewalls: { guard: { router: "router" } } };
    await program.run({ ...lab, student: { ...lab.student, ...more } });
    await program.run(
      { ...lab, student: { ...lab.student, ...more, project: { name: "pyc", users: { stack1: {} } } } },
      { passwordSeed: SEED },
    );
    await program.cloud.drain();
    const groups = program.cloud.registrations.filter(({ type }) => type === TYPES.firewallGroup);
    expect(groups.map(({ inputs }) => inputs["name"])).toEqual(["dev-kim-guard", "guard"]);
  });

  it("makes projects of the class, with users, roles and quotas, as the teacher", async () => {
    const projects = {
      shared: {
        description: "For all",
        users: { helper: { roles: ["reader"] } },
        administratorRoles: ["admin"],
        quotas: { instances: 3 },
      },
    };
    await program.run({ ...lab, class: { ...lab.class, projects } }, { passwordSeed: SEED });
    await program.cloud.drain();
    const { only, registrations } = program.cloud;
    expect(only("openstack:identity/project:Project")).toMatchObject({ name: "shared", description: "For all" });
    expect(only("openstack:identity/user:User")).toMatchObject({ name: "helper" });
    expect(only("openstack:compute/quotaSetV2:QuotaSetV2")).toMatchObject({ instances: 3 });
    const roles = registrations.filter(({ type }) => type === "openstack:identity/roleAssignment:RoleAssignment");
    expect(roles.map(({ inputs }) => inputs["roleId"]).sort()).toEqual(["role-admin", "role-reader"]);
    // No second login: there is no project of the student's own.
    expect(registrations.filter(({ type }) => type === "pulumi:providers:openstack")).toEqual([]);
  });

  it("uploads an image with what its file says and what the lab adds, so that a changed file is a change", async () => {
    writeFileSync(join(program.folder, "tiny.qcow2"), "an image");
    const images = {
      tiny: { file: "tiny.qcow2", minRamMiB: 64, properties: { hw_rng_model: "virtio" }, loginUser: "cirros" },
    };
    const instances = { web1: { ...lab.student.instances.web1, image: "tiny" } };
    await program.run({ ...lab, class: { ...lab.class, images }, student: { ...lab.student, instances } });
    await program.cloud.drain();
    const image = program.cloud.only("openstack:images/image:Image");
    expect(image).toMatchObject({ name: "tiny", diskFormat: "qcow2", visibility: "public", minRamMb: 64 });
    expect(image["localFilePath"]).toBe(join(program.folder, "tiny.qcow2"));
    const sha256 = createHash("sha256").update("an image").digest("hex");
    expect(JSON.stringify(image["properties"])).toContain(sha256);
    expect(image["properties"]).toMatchObject({ hw_rng_model: "virtio" });
    expect(program.cloud.only(TYPES.instance)["imageId"]).toContain("tiny");
  });

  it.each([
    ["devstack", ["ClosedNetwork"], ["instance1"]],
    ["packstack", ["FlavorCatalog", "UserGroup"], ["WEBSRV1", "WEBSRV2"]],
    ["two-networks", [], ["testInstance100_01", "testInstance100_02", "testInstance10_01"]],
    ["horizon-12-steps", ["FlavorCatalog", "HostAggregate"], ["vm1"]],
  ])("builds the ready lab %s, with its own names", async (name, more, instances) => {
    // Here the cloud has no Cinder and no Swift, so what needs them is taken away.
    const without = { student: { volumes: null, containers: null, project: { quotas: null } } };
    await program.run(name, { passwordSeed: SEED, changes: without });
    await program.cloud.drain();
    const kinds = new Set(program.registered().flatMap((line) => /^classroom:index:(\w+)/.exec(line)?.[1] ?? []));
    expect([...kinds].sort()).toEqual([...COMMON, ...more].sort());
    const made = program.cloud.registrations.filter(({ type }) => type === TYPES.instance);
    expect(made.map(({ inputs }) => String(inputs["name"])).sort()).toEqual(instances);
  });
});
