import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { CLEAN, ClassFixture } from "./classFixture.ts";
import { statusOf } from "./cloudTraces.ts";

/** Of a flavor, what hosts must be able to do; the API-only cloud's cannot: https://docs.openstack.org/os-traits/latest/ */
const UNMET = { "trait:HW_NIC_SRIOV": "required" };
const FLAVOR = "ctnohost.tiny";

const oks = ({ students = [] }: Awaited<ReturnType<ClassFixture["up"]>>) =>
  Object.fromEntries(students.map(({ student, ok, changed }) => [student, { ok, changed }]));

describe("an instance for which there is no host", () => {
  let fixture: ClassFixture;
  let flavorId: string | undefined;
  const compute = (method: "POST" | "DELETE", path: string, body?: object) =>
    fixture.session.request("compute", method, path, z.unknown(), body === undefined ? {} : { body });

  beforeAll(async () => {
    fixture = await ClassFixture.open("ctnohost");
    const flavor = { name: FLAVOR, ram: 128, vcpus: 1, disk: 1 };
    const made = await compute("POST", "/flavors", { flavor });
    flavorId = z.object({ flavor: z.object({ id: z.string() }) }).parse(made).flavor.id;
    fixture.writeLab({ flavor: FLAVOR });
    fixture.writeRoster("kim,Kim");
    await fixture.up();
  });
  afterAll(async () => {
    await fixture.close();
    if (flavorId !== undefined) await compute("DELETE", `/flavors/${flavorId}`);
  });

  it("is told in Nova's words after two more tries, and the others are done", async () => {
    await compute("POST", `/flavors/${flavorId ?? ""}/os-extra_specs`, { extra_specs: UNMET });
    fixture.writeRoster("kim,Kim", "lee,Lee");
    const kim = await fixture.revisions("kim");
    const result = await fixture.up([], 1);
    expect(oks(result)).toEqual({ kim: { ok: true, changed: false }, lee: { ok: false, changed: true } });
    const errors = result.students?.find(({ student }) => student === "lee")?.errors.join("\n");
    // https://opendev.org/openstack/nova/src/branch/master/nova/exception.py
    expect(errors).toMatch(/web1: No valid host was found/);
    expect(result.said.match(/tried again/g)?.length).toBe(2);
    expect(await fixture.revisions("kim")).toEqual(kim);
    // Of three servers that never ran, at most the last is there.
    expect((await fixture.serversOf("lee")).length).toBeLessThanOrEqual(1);
  });

  it("is built by the next run, once there is one", async () => {
    for (const spec of Object.keys(UNMET)) await compute("DELETE", `/flavors/${flavorId ?? ""}/os-extra_specs/${spec}`);
    expect(oks(await fixture.up())).toMatchObject({ kim: { ok: true }, lee: { ok: true } });
    expect(await statusOf(fixture.session, await fixture.idOf("lee", "instance"))).toMatchObject({ status: "ACTIVE" });
    for (const student of ["kim", "lee"]) expect(await fixture.audit(student)).toEqual(CLEAN);
    expect((await fixture.destroy()).classStack).toBe(true);
    expect(await fixture.traces()).toEqual([]);
  });
});
