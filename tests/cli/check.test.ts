import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { checkCourse } from "../../cli/course-access/checkCourse.ts";
import { checkText } from "../../cli/course-access/checkText.ts";
import { LAB } from "../lab/aLab.ts";
import { capacityAnswers, memberAnswers } from "../support/fakeCapacity.ts";
import { fakeOpenStack, type FakeOpenStack, type Offers } from "../support/fakeOpenStack.ts";
import { teacherSettings } from "../support/teacherSession.ts";
import { COURSE, loaded, TEXT, THERE } from "./checkedCourse.ts";

let cloud: FakeOpenStack | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

const check = async (
  count: number,
  answers: Offers["answers"],
  { text = TEXT, ...more }: Offers & { text?: string } = {},
) => {
  cloud = await fakeOpenStack({ ...more, answers: { ...answers, ...THERE } });
  return checkCourse(loaded(count, text), { settings: teacherSettings(cloud) });
};

describe("classroom check", () => {
  it("prints need, have and missing, the largest class and what runs out first", async () => {
    const found = await check(5, capacityAnswers({ campus: { total: 100, used: 10 } }));
    expect(found).toMatchObject({ ok: true, fits: true, largestClass: 12, problems: [] });
    const text = checkText(found);
    expect(text).toMatch(/^net101: 5 students of lab\.yaml\nthe test: http:.*, project "class", user "teacher"\n\n/);
    expect(text).toMatch(/^floating IPs and router gateways +addresses of public +2 +10 +90 +– +45$/m);
    expect(text).toMatch(/^memory in MiB +compute hosts +512 +2560 +6144 +– +12$/m);
    expect(text).toMatch(/^routers +each student's project +1 +1 +10 +– +any +the cloud's default$/m);
    expect(text.split("\n").at(-1)).toBe(
      "5 students fit; the largest class is 12, then memory runs out (compute hosts).",
    );
  });

  it("says that a class is too large, by how much and for how many there is room", async () => {
    const found = await check(10, capacityAnswers({ campus: { total: 100, used: 83 } }));
    expect(found).toMatchObject({ ok: false, fits: false, largestClass: 8 });
    expect(found.rows.filter(({ missing }) => missing > 0)).toEqual([
      expect.objectContaining({ where: "addresses of public", need: 20, have: 17, missing: 3, mostStudents: 8 }),
    ]);
    expect(checkText(found).split("\n").at(-1)).toBe(
      "10 students do not fit; the largest class is 8, then floating IPs and router gateways run out (addresses of public).",
    );
  });

  it("says everything at once: what the cloud does not have, too small a flavor, and every quota", async () => {
    const text = TEXT.replace("existing: debian-12", "existing: debian-13").replace(
      "existing: campus",
      "existing: kampus",
    );
    const found = await check(2, capacityAnswers({ defaultQuota: { router: 0, security_group: 1 } }), { text });
    expect(found.ok).toBe(false);
    expect(found.problems.map(({ path }) => path)).toEqual([
      "class.providerNetworks.public.existing",
      "class.images.debian.existing",
    ]);
    expect(found.rows.filter(({ missing }) => missing > 0).map(({ resource, missing }) => [resource, missing])).toEqual(
      [
        ["routers", 1],
        ["security groups", 1],
      ],
    );
    const printed = checkText(found);
    expect(printed).toMatch(/"debian-13" is not an image of this cloud; it has cirros, debian-12; did you mean/);
    expect(printed).toMatch(/"kampus" is not an external network/);
    expect(printed.split("\n").at(-1)).toBe(
      "2 students do not fit; the largest class is 0, then routers run out (each student's project); and 2 problems must be solved before anything can be built.",
    );
  });

  it("counts flavors and networks that the class part is still to make as the lab has them", async () => {
    const text = LAB.replace(/ {2}images:\n.*\n/, "  images: { debian: { existing: debian-12 } }\n");
    const found = await check(3, capacityAnswers(), { text });
    expect(found.problems).toEqual([]);
    // 241 addresses in the pools of the lab, two routers and a floating IP for each.
    expect(found.rows).toContainEqual(
      expect.objectContaining({ where: "addresses of public", needEach: 3, need: 9, have: 241, mostStudents: 80 }),
    );
    expect(found.rows).toContainEqual(
      expect.objectContaining({ resource: "networks", where: "your project's quota", needEach: 0, need: 1, have: 18 }),
    );
  });

  it("counts students who are there already as used, and nobody twice", async () => {
    const tags = (id: number) => ["course:net101", "managed-by:classroom", `student:s${id}`];
    const there = {
      ...capacityAnswers({ campus: { total: 20, used: 8 } }),
      "GET /network/v2.0/ports?tags=course%3Anet101%2Cmanaged-by%3Aclassroom&fields=tags&fields=device_id": () => ({
        body: { ports: [0, 1, 2, 99].map((id) => ({ tags: tags(id), device_id: `vm-${id}` })) },
      }),
      "GET /network/v2.0/networks?tags=course%3Anet101%2Cmanaged-by%3Aclassroom&fields=tags": () => ({
        // The third one lacks a network, the last one is no longer in the roster.
        body: { networks: [0, 0, 1, 1, 2, 99, 99].map((id) => ({ tags: tags(id) })) },
      }),
    };
    cloud = await fakeOpenStack({ answers: there });
    const settings = teacherSettings(cloud);
    const found = await checkCourse(loaded(8), { settings });
    expect(found).toMatchObject({ alreadyThere: 2, fits: true, largestClass: 8 });
    expect(checkText(found)).toMatch(/^net101: 8 students, 2 of them there already, of lab\.yaml/);
    // Of any eight students, the three that are complete are some.
    expect(await checkCourse(loaded(0), { settings, studentsCount: 8 })).toMatchObject({
      students: 8,
      alreadyThere: 3,
    });
  });

  it("certifies those who are named, with those who are there already", async () => {
    const tags = ["course:net101", "managed-by:classroom", "student:s7"];
    const path = "/network/v2.0/ports?tags=course%3Anet101%2Cmanaged-by%3Aclassroom";
    const answers = {
      ...capacityAnswers({ campus: { total: 20, used: 15 } }),
      [`GET ${path}&fields=tags&fields=device_id`]: () => ({ body: { ports: [{ tags, device_id: "vm-7" }] } }),
      [`GET ${path.replace("ports", "networks")}&fields=tags`]: () => ({
        body: { networks: [{ tags }, { tags }] },
      }),
    };
    cloud = await fakeOpenStack({ answers });
    const settings = teacherSettings(cloud);
    expect(await checkCourse(loaded(8), { settings })).toMatchObject({ students: 8, fits: false, largestClass: 3 });
    const some = await checkCourse(loaded(8), { settings, only: ["s0", "s1", "s7"] });
    expect(some).toMatchObject({ students: 3, alreadyThere: 1, fits: true, largestClass: 3 });
    expect(await checkCourse(loaded(8), { settings, only: ["s0", "s1", "s2"] })).toMatchObject({
      ...{ students: 4, alreadyThere: 1, fits: false },
    });
  });

  it("says what somebody who is no administrator may not do, and what cannot be seen", async () => {
    const subnets = "network_id=net-campus";
    const found = await check(2, {
      ...memberAnswers(),
      [`GET /network/v2.0/subnets?${subnets}&ip_version=4`]: () => ({ body: { subnets: [] } }),
      [`GET /network/v2.0/ports?${subnets}&fields=fixed_ips`]: () => ({ body: { ports: [] } }),
      [`GET /network/v2.0/floatingips?floating_${subnets}`]: () => ({ body: { floatingips: [] } }),
      "GET /network/v2.0/routers": () => ({ body: { routers: [] } }),
    });
    expect(found).toMatchObject({ ok: false, fits: true, notVisible: ["addresses of public", "compute hosts"] });
    expect(found.problems.map(({ path }) => path)).toEqual([
      "student.project",
      "class.flavors.small",
      "class.flavors.tiny",
    ]);
    expect(found.problems[0]?.reason).toBe(
      'user "teacher" (roles member) may not make projects, users and groups; log in as an administrator; or let all students share your project, with tenancy: shared',
    );
    expect(checkText(found)).toContain("not visible with these credentials:\n  addresses of public\n  compute hosts");
  });

  it("says that the clock is wrong", async () => {
    const found = await check(1, capacityAnswers(), { issuedAt: new Date(Date.now() + 3_600_000) });
    expect(found.ok).toBe(false);
    expect(found.problems[0]?.reason).toMatch(/^this computer's clock is (3600|359\d) s behind the cloud's/);
  });

  it("says that a student has no part of the large network left", async () => {
    const text = TEXT.replace("      cidr: 192.168.100.0/24", "      cidr: { of: 10.20.0.0/23, each: 24 }");
    const found = await check(3, capacityAnswers(), { text });
    expect(found.problems.map(({ reason }) => reason).join()).toMatch(/has 2 parts of \/24, and none is left for s2/);
    expect(found.rows).toContainEqual(
      expect.objectContaining({ resource: "parts of /24", missing: 1, mostStudents: 2 }),
    );
  });

  it("only reads", async () => {
    await check(3, capacityAnswers());
    expect(cloud?.requests.filter((request) => !request.startsWith("GET "))).toEqual(["POST /v3/auth/tokens"]);
  });
});

describe("the command", () => {
  const folder = mkdtempSync(join(tmpdir(), "classroom-check-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const run = async (...args: string[]) => {
    cloud = await fakeOpenStack({ answers: { ...capacityAnswers(), ...THERE } });
    const env = {
      OS_AUTH_URL: cloud.authUrl,
      ...{ OS_USERNAME: "teacher", OS_PASSWORD: "right", OS_PROJECT_NAME: "class" },
    };
    const main = join(import.meta.dirname, "../../cli/main.ts");
    const options = { env: { ...env, PATH: process.env["PATH"], HOME: folder }, extendEnv: false, reject: false };
    return execa(process.execPath, [main, "check", "--course", folder, ...args], options);
  };
  writeFileSync(join(folder, "course.yaml"), COURSE);
  writeFileSync(join(folder, "lab.yaml"), TEXT);

  it(
    "ends with 0 when the class fits and with 2 when it does not, with and without a roster",
    { timeout: 60_000 },
    async () => {
      const without = await run("--students-count", "12");
      expect([without.exitCode, without.stdout.split("\n").at(-1)]).toEqual([
        ...[0, "12 students fit; the largest class is 12, then memory runs out (compute hosts)."],
      ]);
      await cloud?.close();
      const large = await run("--students-count", "13", "--json");
      expect(large.exitCode).toBe(2);
      expect(JSON.parse(large.stdout)).toMatchObject({ ok: false, fits: false, students: 13, largestClass: 12 });
      await cloud?.close();
      writeFileSync(join(folder, "roster.csv"), "id,name\nkim,Kim\nlee,Lee\n");
      const one = await run("--students", "kim");
      expect([one.exitCode, one.stdout.split("\n")[0]]).toEqual([
        0,
        `net101: 1 student of ${join(folder, "lab.yaml")}`,
      ]);
      await cloud?.close();
      const { exitCode, stdout } = await run();
      expect([exitCode, stdout.split("\n")[0]]).toEqual([0, `net101: 2 students of ${join(folder, "lab.yaml")}`]);
    },
  );

  it("refuses a number that is none", { timeout: 30_000 }, async () => {
    expect(await run("--students-count", "0")).toMatchObject({ exitCode: 2 });
    await cloud?.close();
    expect(await run("--students-count", "2", "--students", "kim")).toMatchObject({ exitCode: 2 });
  });
});
