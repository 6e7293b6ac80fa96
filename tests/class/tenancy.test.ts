import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { toolchainEnv } from "../../engine/toolchainEnv.ts";
import { projectRoot } from "../../quickstart/commands.ts";
import type { Session } from "../../openstack/session.ts";
import { CLEAN, ClassFixture } from "./classFixture.ts";
import { CLOUD } from "./classFolder.ts";
import { statusOf, tracesOf } from "./cloudTraces.ts";
import { credentialsOf, logInAs, logInWith, statusFor } from "./tenant.ts";

const DENIED = [403, 404];

describe("students with projects of their own", () => {
  let fixture: ClassFixture;
  let kim: Session;
  /** Ids of what is lee's, by the last part of Pulumi's type. */
  const lees = new Map<string, string>();

  beforeAll(async () => {
    fixture = await ClassFixture.open("ctown");
    fixture.writeRoster("kim,Kim", "lee,Lee");
    await fixture.up();
    kim = await logInAs(fixture, "kim");
    for (const { type, id } of (await fixture.stateOf("lee")).resources) lees.set(type.split(":").at(-1) ?? type, id);
  });
  afterAll(() => fixture.close());

  it("log in with the password that the stack keeps as a secret", async () => {
    const { password } = await credentialsOf(fixture, "kim");
    const env = {
      ...(await toolchainEnv(projectRoot)),
      PULUMI_BACKEND_URL: `file://${fixture.hidden("state")}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: fixture.hidden("passphrase"),
    };
    const output = async (...more: string[]) => {
      const args = ["stack", "output", "--json", "--stack", `${fixture.course}.kim`, ...more];
      const { stdout } = await execa("pulumi", args, { env, cwd: fixture.hidden("settings") });
      return z.looseObject({ password: z.string() }).parse(JSON.parse(stdout)).password;
    };
    expect(await output("--show-secrets")).toBe(password);
    expect(await output()).not.toBe(password);
  });

  it.each([
    ["compute", "servers", "Instance"],
    ["network", "v2.0/ports", "Port"],
    ["network", "v2.0/networks", "Network"],
    ["network", "v2.0/subnets", "Subnet"],
    ["network", "v2.0/routers", "Router"],
    ["network", "v2.0/floatingips", "FloatingIp"],
    ["network", "v2.0/security-groups", "SecGroup"],
    ["identity", "v3/projects", "Project"],
    ["identity", "v3/users", "User"],
  ] as const)("neither see nor delete another's things: %s %s", async (service, path, type) => {
    const id = lees.get(type) ?? "";
    expect(id).not.toBe("");
    const own = fixture.session;
    expect(await statusFor(own, service, "GET", `/${path}/${id}`)).toBe(200);
    expect(DENIED).toContain(await statusFor(kim, service, "GET", `/${path}/${id}`));
    expect(DENIED).toContain(await statusFor(kim, service, "DELETE", `/${path}/${id}`));
    expect(await statusFor(own, service, "GET", `/${path}/${id}`)).toBe(200);
  });

  it("neither list users nor projects nor everybody's servers, nor log in to another's project", async () => {
    expect(DENIED).toContain(await statusFor(kim, "identity", "GET", "/v3/users"));
    expect(DENIED).toContain(await statusFor(kim, "identity", "GET", "/v3/projects"));
    const all = statusFor(kim, "compute", "GET", "/servers/detail?all_tenants=1");
    expect(DENIED).toContain(await all);
    await expect(logInAs(fixture, "kim", lees.get("Project"))).rejects.toThrow("401");
    const { servers } = await kim.request("compute", "GET", "/servers", z.object({ servers: z.array(z.unknown()) }));
    expect(servers).toHaveLength(1);
  });

  it("reboot nobody's server but their own, and plug nothing into another's network", async () => {
    const reboot = { reboot: { type: "HARD" } };
    const own = await fixture.idOf("kim", "instance");
    const other = lees.get("Instance") ?? "";
    expect(DENIED).toContain(await statusFor(kim, "compute", "POST", `/servers/${other}/action`, reboot));
    expect(await statusFor(kim, "compute", "POST", `/servers/${own}/action`, reboot)).toBe(200);
    const port = (network_id: string | undefined) => ({ port: { name: "by-hand", network_id } });
    expect(DENIED).toContain(await statusFor(kim, "network", "POST", "/v2.0/ports", port(lees.get("Network"))));
    const network = (await fixture.stateOf("kim")).resources.find(({ type }) => type.endsWith(":Network"))?.id;
    const made = await kim.request("network", "POST", "/v2.0/ports", z.object({ port: z.object({ id: z.string() }) }), {
      body: port(network),
    });
    expect(await statusFor(kim, "network", "DELETE", `/v2.0/ports/${made.port.id}`)).toBe(200);
    expect(await statusOf(fixture.session, other)).toMatchObject({ status: "ACTIVE" });
  });

  it("cannot log in any more when their stack is destroyed", async () => {
    const own = await credentialsOf(fixture, "kim");
    const { projectId } = own;
    await logInWith(own);
    await fixture.destroy(["--students", "kim"]);
    await expect(logInWith(own)).rejects.toThrow("401");
    expect((await fixture.traces()).filter((trace) => trace.includes(projectId))).toEqual([]);
    await fixture.destroy();
    expect(await fixture.traces()).toEqual([]);
  });
});

describe("students in the teacher's project", () => {
  let fixture: ClassFixture;
  beforeAll(async () => {
    fixture = await ClassFixture.open("ctshared");
    fixture.writeCourse({ tenancy: "shared" });
    fixture.writeRoster("kim,Kim", "lee,Lee");
  });
  afterAll(() => fixture.close());

  it("have a server each, and leave nothing", async () => {
    const before = await tracesOf(fixture.session, [`${fixture.course}-`]);
    expect(before).toEqual([]);
    await fixture.up();
    for (const student of ["kim", "lee"]) {
      expect(await statusOf(fixture.session, await fixture.idOf(student, "instance"))).toMatchObject({
        ...{ status: "ACTIVE", tenant_id: fixture.session.scope.projectId, name: `ctshared-${student}-web1` },
      });
      expect(await fixture.audit(student)).toEqual(CLEAN);
    }
    const { students = [] } = await fixture.up();
    expect(students.map(({ changed }) => changed)).toEqual([false, false]);

    const lee = await fixture.idOf("lee", "instance");
    await fixture.destroy(["--students", "kim"]);
    expect(await statusOf(fixture.session, lee)).toMatchObject({ status: "ACTIVE" });
    const { left } = await fixture.destroy();
    expect(left).toEqual([]);
    expect(await fixture.traces()).toEqual([]);
  });
});

describe("students whose cloud only the shell names", () => {
  let fixture: ClassFixture;
  beforeAll(async () => {
    fixture = await ClassFixture.open("ctshell");
    fixture.writeCourse({ cloud: undefined });
    fixture.variables = { OS_CLOUD: CLOUD };
    fixture.writeRoster("kim,Kim");
    await fixture.up();
  });
  afterAll(() => fixture.close());

  it("have their things in their own projects, made with their own login", async () => {
    const projectId = await fixture.idOf("kim", "project");
    expect(await statusOf(fixture.session, await fixture.idOf("kim", "instance"))).toMatchObject({
      ...{ status: "ACTIVE", tenant_id: projectId },
      user_id: (await fixture.stateOf("kim")).resources.find(({ type }) => type.endsWith("/user:User"))?.id,
    });
    expect(await fixture.audit("kim")).toEqual(CLEAN);
    await fixture.destroy();
    expect(await fixture.traces()).toEqual([]);
  });
});
