import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { CLEAN, ClassFixture } from "./classFixture.ts";
import { statusOf } from "./cloudTraces.ts";
import type { UpResult } from "./results.ts";

const oks = ({ students = [] }: UpResult) => Object.fromEntries(students.map(({ student, ok }) => [student, ok]));
const errorsOf = ({ students = [] }: UpResult, student: string) =>
  students.find((each) => each.student === student)?.errors.join("\n") ?? "";

describe("what goes wrong for one student", () => {
  let fixture: ClassFixture;
  beforeAll(async () => {
    fixture = await ClassFixture.open("ctsabot");
    fixture.writeLab({ withInstance: false });
    fixture.writeRoster("kim,Kim", "lee,Lee", "park,Park");
    await fixture.up();
  });
  afterAll(() => fixture.close());

  /** As an administrator does, behind the teacher's back. */
  const setQuota = async (student: string, service: "compute" | "network", quota: Record<string, number>) => {
    const project = await fixture.idOf(student, "project");
    if (service === "compute") {
      const body = { quota_set: { ...quota, force: true } };
      await fixture.session.request("compute", "PUT", `/os-quota-sets/${project}`, z.unknown(), { body });
    } else await fixture.session.request("network", "PUT", `/v2.0/quotas/${project}`, z.unknown(), { body: { quota } });
  };

  it("is told in the cloud's own words, and the others are done", async () => {
    await setQuota("lee", "compute", { instances: 0 });
    await setQuota("park", "network", { port: 1 });
    fixture.writeLab();
    const result = await fixture.up([], 1);
    expect(oks(result)).toEqual({ kim: true, lee: false, park: false });
    // https://opendev.org/openstack/nova/src/branch/master/nova/exception.py – and Neutron's.
    expect(errorsOf(result, "lee")).toMatch(/Quota exceeded for instances/);
    expect(errorsOf(result, "park")).toMatch(/Quota exceeded for resources.*port/);
    expect(await statusOf(fixture.session, await fixture.idOf("kim", "instance"))).toMatchObject({ status: "ACTIVE" });
    for (const student of ["kim", "lee", "park"]) expect(await fixture.audit(student)).toEqual(CLEAN);
  });

  it("is done by the next run, once the reason is gone", async () => {
    const kim = await fixture.revisions("kim");
    await setQuota("lee", "compute", { instances: 10 });
    await setQuota("park", "network", { port: 500 });
    expect(oks(await fixture.up())).toEqual({ kim: true, lee: true, park: true });
    for (const student of ["lee", "park"]) {
      const server = await fixture.idOf(student, "instance");
      expect(await statusOf(fixture.session, server)).toMatchObject({ status: "ACTIVE" });
      expect(await fixture.audit(student)).toEqual(CLEAN);
    }
    expect(await fixture.revisions("kim")).toEqual(kim);
  });

  it("may be somebody who works on that student's stack: the others are done", async () => {
    const lock = fixture.hidden("state/.pulumi/locks/organization/classroom/ctsabot.lee/by-hand.json");
    mkdirSync(dirname(lock), { recursive: true });
    const holder = {
      pid: process.pid,
      username: "colleague",
      hostname: hostname(),
      timestamp: new Date().toISOString(),
    };
    writeFileSync(lock, JSON.stringify(holder));
    const lee = await fixture.revisions("lee");
    fixture.writeLab({ userData: "#!/bin/sh\necho second\n" });
    const result = await fixture.up(["--allow-data-loss"], 1);
    expect(oks(result)).toEqual({ kim: true, lee: false, park: true });
    expect(errorsOf(result, "lee")).toMatch(/colleague/);
    expect(await fixture.revisions("lee")).toEqual(lee);
    rmSync(lock);
    expect(oks(await fixture.up(["--allow-data-loss"]))).toEqual({ kim: true, lee: true, park: true });
  });

  it("may be a state that a full disk has cut in two, of which no copy is whole: it is taken from the cloud again, and the others are done", async () => {
    const servers = await Promise.all(["kim", "lee", "park"].map((student) => fixture.serversOf(student)));
    const file = fixture.stateFile("lee");
    const folders = ["backups", "history"].map((kind) =>
      fixture.hidden("state/.pulumi", kind, "classroom/ctsabot.lee"),
    );
    for (const copy of [`${file}.bak`, ...folders]) rmSync(copy, { recursive: true, force: true });
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, whole.length / 2));
    const result = await fixture.up();
    expect(result.said).toContain("none of its copies is whole");
    expect(oks(result)).toEqual({ kim: true, lee: true, park: true });
    // Also a server with user data stays: Nova tells an administrator what it was given.
    const after = await Promise.all(["kim", "lee", "park"].map((student) => fixture.serversOf(student)));
    expect(after).toEqual(servers);
    for (const student of ["kim", "lee", "park"]) expect(await fixture.audit(student)).toEqual(CLEAN);
    expect((await fixture.destroy()).classStack).toBe(true);
    expect(await fixture.traces()).toEqual([]);
  });
});
