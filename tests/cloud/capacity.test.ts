import { stringify } from "yaml";
import { z } from "zod";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkCourse } from "../../cli/course-access/checkCourse.ts";
import { parseCourse } from "../../course/parseCourse.ts";
import { authUrl, region } from "../../local-cloud/apis.ts";
import { readSecrets } from "../../local-cloud/secrets.ts";
import type { CloudSettings } from "../../openstack/cloudSettings.ts";
import { deleteProjectLeftovers } from "../../openstack/projectLeftovers.ts";
import { Session } from "../../openstack/session.ts";
import { labOf } from "../lab/aLab.ts";
import { administrator, ProjectUser } from "./projectUser.ts";
import { given } from "./testStack.ts";

const COURSE = `capacity-${process.pid % 10_000}`;
const POOL = `${COURSE}-pool`;

/** What the certificate says is compared with what the cloud then really refuses. */
let user: ProjectUser;
let poolId: string;
let subnetId: string;

beforeAll(async () => {
  user = await ProjectUser.make(COURSE);
  const admin = await administrator();
  const network = { name: POOL, "router:external": true };
  poolId = idIn("network", await admin.call("network", "POST", "/v2.0/networks", { network }));
  const subnet = {
    ...{ network_id: poolId, ip_version: 4, cidr: "172.24.201.0/24", enable_dhcp: false },
    allocation_pools: [{ start: "172.24.201.10", end: "172.24.201.14" }],
  };
  subnetId = idIn("subnet", await admin.call("network", "POST", "/v2.0/subnets", { subnet }));
});
afterAll(async () => {
  const admin = await administrator();
  for (const { id } of await listed("floatingips")) await user.call("network", "DELETE", `/v2.0/floatingips/${id}`);
  for (const { id } of await listed("routers")) await user.call("network", "DELETE", `/v2.0/routers/${id}`);
  await deleteProjectLeftovers(await Session.open(asAdministrator()), user.projectId);
  await user.remove();
  await admin.call("network", "DELETE", `/v2.0/subnets/${subnetId}`);
  await admin.call("network", "DELETE", `/v2.0/networks/${poolId}`);
});

const idIn = (kind: string, answer: unknown) =>
  z.record(z.string(), z.object({ id: z.string() })).parse(answer)[kind]?.id ?? "";
const listed = async (kind: string) =>
  z
    .record(z.string(), z.array(z.object({ id: z.string() })))
    .parse(await user.call("network", "GET", `/v2.0/${kind}?project_id=${user.projectId}`))[kind] ?? [];

/** A router with a gateway, a floating IP and a small instance for each. */
const lab = (student: object) =>
  labOf(
    stringify({
      lab: "capacity",
      title: "What a class takes",
      class: { providerNetworks: { pool: { existing: POOL } } },
      student: {
        networks: { private: { cidr: "10.77.0.0/24" } },
        routers: { router: { gateway: "pool", interfaces: ["private"] } },
        instances: { vm: { image: "cirros", flavor: "m1.nano", network: "private", floatingIp: "pool" } },
        ...student,
      },
    }),
  );
const check = (students: number, settings: CloudSettings, student: object = {}) => {
  const course = parseCourse(`course: ${COURSE}\nlab: ./lab.yaml\n`);
  if (!course.ok) throw new Error("the course of the test is wrong");
  const loaded = { course: course.course, lab: lab(student), labFile: "lab.yaml", students: [], warnings: [] };
  return checkCourse(loaded, { studentsCount: students, settings });
};
const settings = (username: string, password: string, project: string): CloudSettings => ({
  ...{ source: "the local cloud", authUrl, region, cacert: undefined },
  credentials: {
    ...{ method: "password", username, password, userDomain: { name: "Default" } },
    project: { name: project, domain: { name: "Default" } },
  },
});
const asStudent = () => settings(user.name, user.login.OS_PASSWORD, user.name);
const asAdministrator = () => settings("admin", given(readSecrets(), "the local cloud").admin, "admin");
const router = () =>
  user.ask("network", "POST", "/v2.0/routers", {
    router: { name: COURSE, external_gateway_info: { network_id: poolId } },
  });
const floatingIp = () =>
  user.ask("network", "POST", "/v2.0/floatingips", { floatingip: { floating_network_id: poolId } });

describe("the certificate and the cloud", () => {
  it("agree on quotas that were lowered for one project: each is missing by exactly that much", async () => {
    const admin = await administrator();
    await admin.call("network", "PUT", `/v2.0/quotas/${user.projectId}`, {
      quota: { router: 2, floatingip: 4, port: 8 },
    });
    await admin.call("compute", "PUT", `/os-quota-sets/${user.projectId}`, { quota_set: { instances: 1, ram: 300 } });
    const found = await check(4, asStudent());
    const missing = found.rows.filter((row) => row.missing > 0);
    expect(missing.map((row) => [row.resource, row.need, row.have, row.missing, row.mostStudents])).toEqual([
      ["instances", 4, 1, 3, 1],
      ["memory", 512, 300, 212, 2],
      ["routers", 4, 2, 2, 2],
      ["ports", 12, 8, 4, 2],
    ]);
    expect(found).toMatchObject({ ok: false, largestClass: 1, firstToRunOut: { resource: "instances" } });
    expect(found.notVisible).toEqual(["addresses of pool", "compute hosts"]);
    // Nobody but an administrator is told what an administrator may.
    expect((await check(1, asStudent(), { project: {} })).problems.map(({ path }) => path)).toEqual([
      "student.project",
    ]);
    await admin.call("network", "PUT", `/v2.0/quotas/${user.projectId}`, { quota: { router: 10, floatingip: 50 } });
  });

  it("agree on the pool: two students have room for router and floating IP, the third has not", async () => {
    const row = async () =>
      given(
        (await check(3, asAdministrator())).rows.find(({ where }) => where === "addresses of pool"),
        "pool",
      );
    expect(await row()).toMatchObject({ needEach: 2, need: 6, have: 5, missing: 1, mostStudents: 2 });
    for (const make of [router, floatingIp, router, floatingIp]) expect((await make()).status).toBe(201);
    expect(await row()).toMatchObject({ have: 1, mostStudents: 0 });
    expect((await router()).status).toBe(201);
    expect(await row()).toMatchObject({ have: 0 });
    expect(await floatingIp()).toMatchObject({ status: 409 });
  });

  it("agree on what a new project gets", async () => {
    const newcomer = await ProjectUser.make(`${COURSE}-new`);
    try {
      const found = await check(3, asAdministrator(), { project: {} });
      const have = (resource: string) =>
        found.rows.find((row) => row.resource === resource && row.where === "each student's project")?.have;
      const limits = z
        .object({ limits: z.object({ absolute: z.record(z.string(), z.number()) }) })
        .parse(await newcomer.call("compute", "GET", "/limits")).limits.absolute;
      expect([have("instances"), have("virtual CPUs"), have("memory")]).toEqual([
        ...[limits["maxTotalInstances"], limits["maxTotalCores"], limits["maxTotalRAMSize"]],
      ]);
      const { quota } = z
        .object({ quota: z.record(z.string(), z.number()) })
        .parse(await newcomer.call("network", "GET", `/v2.0/quotas/${newcomer.projectId}`));
      expect([have("routers"), have("floating IPs"), have("security groups")]).toEqual([
        ...[quota["router"], quota["floatingip"], quota["security_group"]],
      ]);
      expect(found.problems).toEqual([]);
      expect(found.notVisible).toEqual([]);
    } finally {
      await newcomer.remove();
    }
  });
});
