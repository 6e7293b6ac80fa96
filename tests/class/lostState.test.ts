import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLEAN, ClassFixture } from "./classFixture.ts";

describe("a state that is lost", () => {
  let fixture: ClassFixture;
  beforeAll(async () => {
    fixture = await ClassFixture.open("ctlost");
    fixture.writeRoster("kim,Kim", "lee,Lee");
    await fixture.up();
  });
  afterAll(() => fixture.close());

  /** What the cloud has of each: the same ids mean that nothing was made twice. */
  const things = async () => ({
    kim: Object.keys(await fixture.revisions("kim")).sort(),
    lee: Object.keys(await fixture.revisions("lee")).sort(),
  });

  it("of one student is taken from the cloud again, thing by thing", async () => {
    const before = await things();
    const lee = { state: fixture.fingerprint("lee"), things: await fixture.revisions("lee") };
    for (const end of ["", ".bak", ".attrs"]) rmSync(`${fixture.stateFile("kim")}${end}`, { force: true });
    await fixture.up();
    expect(await things()).toEqual(before);
    expect(await fixture.audit("kim")).toEqual(CLEAN);
    expect({ state: fixture.fingerprint("lee"), things: await fixture.revisions("lee") }).toEqual(lee);
  });

  it("of the whole class, too", async () => {
    const before = await things();
    rmSync(dirname(dirname(dirname(dirname(fixture.stateFile())))), { recursive: true });
    await fixture.up();
    expect(await things()).toEqual(before);
    for (const student of ["kim", "lee"]) expect(await fixture.audit(student)).toEqual(CLEAN);
    const { students = [] } = await fixture.up();
    expect(students.map(({ changed }) => changed)).toEqual([false, false]);
    await fixture.destroy();
    expect(await fixture.traces()).toEqual([]);
  });
});
