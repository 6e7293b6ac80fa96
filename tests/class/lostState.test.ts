import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLEAN, ClassFixture } from "./classFixture.ts";

describe.each([
  { tenancy: "project", course: "ctlost" },
  { tenancy: "shared", course: "ctlosts" },
])("a state that is lost, tenancy $tenancy", ({ tenancy, course }) => {
  let fixture: ClassFixture;
  beforeAll(async () => {
    fixture = await ClassFixture.open(course);
    fixture.writeCourse({ tenancy });
    // Of which Pulumi shows nothing in a preview, and which would build a server anew if it were not found again.
    fixture.writeLab({ userData: "#!/bin/sh\necho hello\n" });
    fixture.writeRoster("kim,Kim", "lee,Lee");
    await fixture.up();
  });
  afterAll(() => fixture.close());

  /** What the cloud has of each: the same ids mean that nothing was made twice. */
  const things = async () => {
    const { all } = await fixture.inventory();
    return all.map(({ type, id }) => `${type} ${id}`).sort();
  };

  it("of one student is taken from the cloud again, thing by thing", async () => {
    const before = await things();
    const lee = fixture.fingerprint("lee");
    for (const end of ["", ".bak", ".attrs"]) rmSync(`${fixture.stateFile("kim")}${end}`, { force: true });
    await fixture.up();
    expect(await things()).toEqual(before);
    expect(await fixture.audit("kim")).toEqual(CLEAN);
    expect(fixture.fingerprint("lee")).toBe(lee);
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
