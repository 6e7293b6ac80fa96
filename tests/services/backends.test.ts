import { existsSync, readFileSync } from "node:fs";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { openEngine } from "../../cli/course-access/courseEngine.ts";
import { shardOf } from "../../course/selection.ts";
import { lockStackName } from "../../course/stackNames.ts";
import { whileLocked } from "../../engine/operationLock.ts";
import { projectRoot } from "../../quickstart/commands.ts";
import { pulumiEnv } from "../../quickstart/pulumi.ts";
import { loadCourse } from "../../stacks/courseFolder.ts";
import { familyOf, killAll } from "../class/killing.ts";
import { type Backend, postgresBackend, s3Backend } from "./backends.ts";
import { OF_OTHERS } from "../support/newTerminal.ts";
import { Operator } from "./operator.ts";
import { administrator, until } from "../cloud/projectUser.ts";

/** Without instances: what is shown here is where the state is, not what a server does. */
const LAB = {
  lab: "backends",
  title: "A project and a network for each student",
  class: {},
  student: { project: {}, networks: { private: { cidr: "192.168.60.0/24" } }, securityGroups: { web: [] } },
};
/** All of a class, in two. */
const PARTS = ["1/2", "2/2"] as const;
const LOCKS = ".pulumi/locks/organization/classroom/";

/** As docs/state.md says for two teachers at once with two students at a time each, and one for the test. */
const CONNECTIONS = 2 * 2 * 4 + 1;

describe.each([
  ["statess3", "S3 of Swift", s3Backend],
  ["statespg", "Postgres", () => postgresBackend(CONNECTIONS)],
])("%s: a class with its state on %s", (course, _place, openBackend) => {
  let backend: Backend;
  let teacher: Operator;
  let colleague: Operator;
  const students = ["kim", "lee"];

  const write = (...more: string[]) => {
    students.push(...more);
    for (const operator of [teacher, colleague]) operator.write(LAB, students);
  };
  const stacks = async () =>
    (await backend.keys()).flatMap((key) => /^\.pulumi\/stacks\/classroom\/(.*)\.json$/.exec(key)?.[1] ?? []).sort();
  const locks = async () =>
    (await backend.keys()).flatMap((key) =>
      key.startsWith(LOCKS) ? (key.slice(LOCKS.length).split("/")[0] ?? "") : [],
    );
  const inCloud = async () => {
    const answer = await (await administrator()).call("network", "GET", `/v2.0/networks?tags=course:${course}`);
    const { networks } = z.object({ networks: z.array(z.object({ tags: z.array(z.string()) })) }).parse(answer);
    return networks.flatMap(({ tags }) => tags.flatMap((tag) => /^student:(.*)$/.exec(tag)?.[1] ?? [])).sort();
  };
  const everybody = () => [...students].sort();

  beforeAll(async () => {
    backend = await openBackend();
    teacher = new Operator(course, backend);
    teacher.write(LAB, students);
    await teacher.run("up", "--yes");
    colleague = new Operator(course, backend, teacher);
    write();
  });
  afterAll(async () => {
    await teacher.start("destroy", "--yes", "--purge");
    await backend.remove();
    for (const operator of [teacher, colleague]) operator.remove();
  });

  it("is kept there and nowhere else, without a secret in plain", async () => {
    expect(await inCloud()).toEqual(everybody());
    expect(await stacks()).toEqual(expect.arrayContaining([course, ...students.map((id) => `${course}.${id}`)]));
    expect(existsSync(teacher.hidden("state"))).toBe(false);
    const kept = await backend.contents();
    const secrets = [
      ...backend.secrets,
      ...["passphrase", "password-seed"].map((name) => readFileSync(teacher.hidden(name), "utf8")),
    ];
    // Plain Pulumi is enough, and knows the passwords that must not be in plain.
    const password = z
      .string()
      .min(20)
      .parse(JSON.parse(await plainPulumi("stack", "output", "password", "--json", "--show-secrets")));
    for (const secret of [...secrets, password]) expect(kept.includes(secret.trim())).toBe(false);
    expect(kept).toContain(`${course}-kim`);
  });

  /** As a teacher without `classroom` would use it. */
  async function plainPulumi(...args: string[]): Promise<string> {
    const { PATH = "", PULUMI_HOME = "" } = await pulumiEnv();
    const { stdout } = await execa("pulumi", [...args, "--stack", `${course}.kim`], {
      cwd: projectRoot,
      env: {
        ...{ ...colleague.environment, PATH, PULUMI_HOME, PULUMI_BACKEND_URL: backend.url },
        PULUMI_CONFIG_PASSPHRASE_FILE: colleague.hidden("passphrase"),
      },
      extendEnv: false,
    });
    return stdout;
  }

  it("is the same class to a colleague on another machine", async () => {
    const { students: seen } = z
      .object({ students: z.array(z.object({ student: z.string(), change: z.object({ kind: z.string() }) })) })
      .parse(JSON.parse(await colleague.run("preview", "--json")));
    expect(seen.map(({ student, change }) => [student, change.kind])).toEqual(students.map((id) => [id, "unchanged"]));
  });

  it("refuses the second of two teachers at once, and says who the first is", async () => {
    for (const name of Object.keys(process.env)) if (OF_OTHERS.test(name)) vi.stubEnv(name, undefined);
    const { env, ...settings } = await openEngine(loadCourse(teacher.folder));
    await whileLocked({ ...settings, env: { ...env, ...backend.env } }, lockStackName(course), async () => {
      const began = Date.now();
      const { exitCode, stderr } = await colleague.start("up", "--yes");
      console.log(`refused after ${Math.round((Date.now() - began) / 100) / 10} s`);
      expect(stderr).toMatch(/\S+ on \S+ is working on this course \(process \d+, since 20\S+\); nothing was changed/);
      expect(exitCode).toBe(2);
    });
    vi.unstubAllEnvs();
    expect(await locks()).toEqual([]);
  });

  it("goes on after kill -9 left locks behind, with nothing twice", async () => {
    write("park");
    const killed = teacher.start("up", "--yes");
    await until("the new student's stack is being made", 600, async () => {
      if (killed.exitCode !== null) throw new Error(`it ended before it could be killed:\n${(await killed).all}`);
      // A stack is locked for a moment when it is made, too; with something in the cloud, it is locked until all is.
      return (await inCloud()).includes("park");
    });
    await killAll(familyOf(killed.pid));
    await killed;
    expect((await locks()).sort()).toEqual([`${course}._operation`, `${course}.park`]);
    await colleague.run("up", "--yes");
    expect(await locks()).toEqual([]);
    expect(await inCloud()).toEqual(everybody());
  });

  it("is made in two parts at once", async () => {
    const newcomers = ["choi", "jung", "kang", "yoon"];
    const rows = newcomers.map((id, index) => ({ id, name: id, line: index + 2 }));
    for (const part of PARTS) expect(shardOf(rows, part)).not.toMatchObject({ students: [] });
    write(...newcomers);
    await makeInParts();
    expect(await inCloud()).toEqual(everybody());
  });

  async function makeInParts(): Promise<void> {
    // Both are waited for: what comes next would meet the one that still works.
    const ends = await Promise.allSettled([
      teacher.run("up", "--yes", "--shard", PARTS[0]),
      colleague.run("up", "--yes", "--shard", PARTS[1]),
    ]);
    expect(ends.flatMap((end) => (end.status === "rejected" ? [String(end.reason)] : []))).toEqual([]);
  }

  it("is destroyed without a trace", async () => {
    await colleague.run("destroy", "--yes");
    expect(await inCloud()).toEqual([]);
    expect((await stacks()).filter((stack) => stack !== `${course}._operation`)).toEqual([]);
  });

  it("is made from nothing by two parts that begin at once: one makes what all share, the other waits", async () => {
    await makeInParts();
    expect(await inCloud()).toEqual(everybody());
    expect(await stacks()).toEqual(expect.arrayContaining([course, ...students.map((id) => `${course}.${id}`)]));
  });
});
