import { existsSync } from "node:fs";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { CLEAN, ClassFixture } from "./classFixture.ts";
import { statusOf } from "./cloudTraces.ts";
import type { StackState } from "../../engine/stackStates.ts";
import { projectRoot } from "../../quickstart/commands.ts";
import { doctorResult, resetResult, statusResult, type UpResult } from "./results.ts";

const KIM = "kim,Kim";
const LEE = "lee,Lee";
const PARK = "park,Park";
const CHOI = "choi,Choi";

const kinds = ({ preview: { students } }: UpResult) =>
  Object.fromEntries(students.map(({ student, change }) => [student, change.kind]));

describe("the life of a class", () => {
  let fixture: ClassFixture;
  beforeAll(async () => {
    fixture = await ClassFixture.open("ctlife");
    // A page that names the student is user data: what another name must not change.
    fixture.writeLab({ web: "apache" });
    fixture.writeRoster(KIM, LEE, PARK);
  });
  afterAll(() => fixture.close());

  /** As who has no `classroom` would, for kim. */
  const plainPulumi = async (...args: string[]): Promise<string> => {
    const env = await fixture.json(z.record(z.string(), z.string()), 0, "env");
    const { said: _said, ...variables } = env;
    const { stdout } = await execa("pulumi", [...args, "--stack", "ctlife.kim", "--non-interactive"], {
      ...{ cwd: projectRoot, env: { ...fixture.environment, ...variables }, extendEnv: false },
    });
    return stdout;
  };

  /** State and cloud of these students, as they are now. */
  const snapshot = async (...students: string[]) =>
    Promise.all(
      students.map(async (student) => ({
        ...{ student, state: fixture.fingerprint(student), things: await fixture.revisions(student) },
      })),
    );

  it("begins with a dry run, which makes nothing", async () => {
    const { students, preview } = await fixture.up(["--dry-run"]);
    expect(students).toBeUndefined();
    expect(preview.students.map(({ student }) => student)).toEqual(["kim", "lee", "park"]);
    expect(await fixture.traces()).toEqual([]);
  });

  it("gives each student a project with a server of their own", async () => {
    const { students = [], preview } = await fixture.up();
    expect(students.map(({ student, ok }) => ({ student, ok }))).toEqual(
      ["kim", "lee", "park"].map((student) => ({ student, ok: true })),
    );
    expect(preview.left).toEqual([]);
    const projects = new Set<string>();
    for (const { student, instances } of students) {
      projects.add(await fixture.idOf(student, "project"));
      const { instanceId = "", floatingIp = "" } = instances["web1"] ?? {};
      expect(await statusOf(fixture.session, instanceId)).toMatchObject({
        status: "ACTIVE",
        tenant_id: await fixture.idOf(student, "project"),
      });
      const addresses = (await fixture.inventory()).all.flatMap((object) => object.floatingIp?.address ?? []);
      expect(addresses).toContain(floatingIp);
      expect(await fixture.audit(student)).toEqual(CLEAN);
    }
    expect(projects.size).toBe(3);
  });

  it("changes nothing when it is run again, nor when rows are renamed and reordered", async () => {
    const before = await snapshot("kim", "lee", "park");
    const again = await fixture.up();
    expect(kinds(again)).toEqual({ kim: "unchanged", lee: "unchanged", park: "unchanged" });
    expect(again.students?.every(({ ok, changed }) => ok && !changed)).toBe(true);
    expect(await snapshot("kim", "lee", "park")).toEqual(before);

    fixture.writeRoster("park,박 지훈", LEE, 'kim,"Kim ""K."" <b>Minji</b>"');
    const renamed = await fixture.up();
    expect(kinds(renamed)).toEqual({ park: "unchanged", lee: "unchanged", kim: "unchanged" });
    const things = (all: typeof before) => all.map(({ student, things: each }) => ({ student, each }));
    expect(things(await snapshot("kim", "lee", "park"))).toEqual(things(before));
    expect(await plainPulumi("preview", "--expect-no-changes")).toContain("unchanged");
  });

  it("is well in the eyes of status and doctor", async () => {
    const status = await fixture.json(statusResult, 0, "status", "--no-probe");
    const { instances } = status.students.find(({ student }) => student === "kim") ?? {};
    expect(status.students.map(({ name, stack, drift }) => ({ name, stack, drift }))).toEqual(
      ["박 지훈", "Lee", 'Kim "K." <b>Minji</b>'].map((name) => ({ name, stack: "complete", drift: [] })),
    );
    expect(instances).toMatchObject([{ instance: "web1", state: "ACTIVE" }]);
    expect(instances?.[0]?.url).toMatch(/^http:\/\/172\.24\.9\./);
    expect(await fixture.json(doctorResult, 0, "doctor")).toMatchObject({ findings: [], notSeen: [] });
  });

  it("gives one student a fresh server at the same address, and nobody else", async () => {
    const others = await snapshot("lee", "park");
    const kim = await fixture.stateOf("kim");
    await fixture.json(resetResult, 0, "reset", "kim", "--dry-run");
    expect(await fixture.stateOf("kim")).toEqual(kim);

    const { done, errors, instances } = await fixture.json(resetResult, 0, "reset", "kim", "--yes");
    expect({ done, errors, count: instances.length }).toEqual({ done: true, errors: [], count: 1 });
    const { instanceId, formerInstanceId, fixedIp, floatingIp, url } = instances[0] ?? {};
    expect(instanceId).not.toBe(formerInstanceId);
    const afterwards = await fixture.stateOf("kim");
    const { web1, ...more } = z.looseObject({ web1: z.looseObject({}) }).parse(kim.outputs["instances"]);
    expect(more).toEqual({});
    expect(web1).toMatchObject({ instanceId: formerInstanceId, fixedIp, floatingIp, url });
    const stays = ({ resources }: StackState) =>
      resources
        .filter(({ type }) => !type.endsWith(":Instance"))
        .map(({ urn, id }) => `${urn} ${id}`)
        .sort();
    expect(stays(afterwards)).toEqual(stays(kim));
    // A server that is built anew anyway can tell the name that the roster has by now.
    const told = ({ outputs }: StackState) => z.object({ name: z.string() }).parse(outputs["student"]).name;
    expect([told(kim), told(afterwards)]).toEqual(["Kim", 'Kim "K." <b>Minji</b>']);
    expect(await statusOf(fixture.session, formerInstanceId ?? "")).toBeUndefined();
    expect(await statusOf(fixture.session, instanceId ?? "")).toMatchObject({ status: "ACTIVE" });
    expect(await fixture.audit("kim")).toEqual(CLEAN);
    expect(await snapshot("lee", "park")).toEqual(others);
  });

  it("is removed and made again by plain pulumi, one student alone", async () => {
    const others = await snapshot("lee", "park");
    const project = await fixture.idOf("kim", "project");
    await plainPulumi("destroy", "--yes", "--skip-preview");
    expect((await fixture.stateOf("kim")).resources).toEqual([]);
    expect((await fixture.traces()).filter((trace) => trace.includes(project))).toEqual([]);

    await plainPulumi("up", "--yes", "--skip-preview");
    expect(await fixture.audit("kim")).toEqual(CLEAN);
    expect(await snapshot("lee", "park")).toEqual(others);
    expect(kinds(await fixture.up())).toEqual({ kim: "unchanged", lee: "unchanged", park: "unchanged" });
  });

  it("takes a late joiner in without touching the others", async () => {
    const before = await snapshot("kim", "lee", "park");
    fixture.writeRoster(KIM, LEE, PARK, CHOI);
    const dry = await fixture.up(["--dry-run"]);
    expect(kinds(dry)["choi"]).toBe("new");
    expect(existsSync(fixture.stateFile("choi"))).toBe(false);
    const { students = [] } = await fixture.up();
    expect(students.filter(({ changed }) => changed).map(({ student }) => student)).toEqual(["choi"]);
    expect(await fixture.audit("choi")).toEqual(CLEAN);
    expect(await snapshot("kim", "lee", "park")).toEqual(before);
  });

  it("never destroys whoever has left the roster, until it is told to", async () => {
    fixture.writeRoster(KIM, PARK, CHOI);
    const before = await snapshot("kim", "lee", "park", "choi");
    const { preview, said, pruned = [] } = await fixture.up();
    expect({ left: preview.left, pruned }).toEqual({ left: ["lee"], pruned: [] });
    expect(said).toMatch(/lee/);
    expect(await snapshot("kim", "lee", "park", "choi")).toEqual(before);

    const project = await fixture.idOf("lee", "project");
    expect((await fixture.up(["--prune"])).pruned).toEqual(["lee"]);
    expect(existsSync(fixture.stateFile("lee"))).toBe(false);
    expect((await fixture.traces()).filter((trace) => trace.includes(project))).toEqual([]);
    expect(await snapshot("kim", "park", "choi")).toEqual(before.filter(({ student }) => student !== "lee"));
  });

  it("does what loses data only when it is allowed, and only to those who are meant", async () => {
    const before = await snapshot("kim", "park", "choi");
    const server = await fixture.idOf("kim", "instance");
    fixture.writeLab({ userData: "#!/bin/sh\necho hello\n" });
    const { exitCode, stdout, stderr } = await fixture.run("up", "--yes", "--json");
    const { error } = z.object({ error: z.object({ exitCode: z.number() }) }).parse(JSON.parse(stdout));
    expect([exitCode, error.exitCode]).toEqual([2, 2]);
    expect(stderr).toMatch(/Kim.*lost/i);
    expect(stderr).toContain("--allow-data-loss");
    expect(await snapshot("kim", "park", "choi")).toEqual(before);

    const { preview } = await fixture.up(["--students", "kim", "--allow-data-loss"]);
    expect(preview.losses.map(({ name }) => name)).toEqual(["Kim"]);
    expect(await fixture.idOf("kim", "instance")).not.toBe(server);
    expect(await statusOf(fixture.session, server)).toBeUndefined();
    expect(await fixture.audit("kim")).toEqual(CLEAN);
    expect(await snapshot("park", "choi")).toEqual(before.filter(({ student }) => student !== "kim"));
  });

  it("keeps whoever made things by hand from being destroyed, until they may go", async () => {
    const project = await fixture.idOf("park", "project");
    const network = (await fixture.stateOf("park")).resources.find(({ type }) => type.endsWith("/network:Network"));
    const port = { name: "by-hand", network_id: network?.id, project_id: project };
    await fixture.session.request("network", "POST", "/v2.0/ports", z.unknown(), { body: { port } });
    const server = await fixture.idOf("park", "instance");

    const { students, classStack } = await fixture.destroy([], 1);
    expect(students.filter(({ ok }) => ok).map(({ student }) => student)).toEqual(["kim", "choi"]);
    expect(students.find(({ student }) => student === "park")?.errors.join("\n")).toMatch(/by-hand/);
    expect(classStack).toBe(false);
    expect(await statusOf(fixture.session, server)).toMatchObject({ status: "ACTIVE" });

    const purged = await fixture.destroy(["--purge"]);
    expect(purged).toMatchObject({ classStack: true, left: [], notSeen: [] });
    expect(await fixture.traces()).toEqual([]);
    expect((await fixture.states()).size).toBe(0);
  });
});

describe("parts of a class side by side", () => {
  let fixture: ClassFixture;
  beforeAll(async () => {
    fixture = await ClassFixture.open("ctshard");
    fixture.writeRoster(KIM, LEE);
  });
  afterAll(() => fixture.close());

  it("make everybody once", async () => {
    const parts = await Promise.all([fixture.up(["--shard", "1/2"]), fixture.up(["--shard", "2/2"])]);
    const made = parts.flatMap(({ students = [] }) => students.map(({ student }) => student));
    expect(made.sort()).toEqual(["kim", "lee"]);
    for (const student of made) expect(await fixture.audit(student)).toEqual(CLEAN);
    await fixture.destroy();
    expect(await fixture.traces()).toEqual([]);
  });
});
