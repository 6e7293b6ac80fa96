import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLEAN, ClassFixture } from "./classFixture.ts";

describe("a saved plan", () => {
  let fixture: ClassFixture;
  let plan: string;
  beforeAll(async () => {
    fixture = await ClassFixture.open("ctplan");
    plan = join(fixture.folder, "plan");
    fixture.writeRoster("kim,Kim");
    await fixture.up();
  });
  afterAll(() => fixture.close());

  const save = () => fixture.run("preview", "--json", "--save-plan", plan);

  it("makes what was previewed, a new student too, and leaves nothing to do", async () => {
    fixture.writeLab({ userData: "#!/bin/sh\necho hello\n" });
    fixture.writeRoster("kim,Kim", "lee,Lee");
    const { exitCode, stderr } = await save();
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(readdirSync(plan).sort()).toEqual(["_stacks.json", "ctplan.json", "ctplan.kim.json"]);
    for (const name of readdirSync(plan)) expect(statSync(join(plan, name)).mode & 0o777, name).toBe(0o600);
    const { students } = await fixture.up(["--plan", plan, "--allow-data-loss"]);
    expect(students?.map(({ student, ok, changed }) => [student, ok, changed])).toEqual([
      ["kim", true, true],
      ["lee", true, true],
    ]);
    expect([await fixture.audit("kim"), await fixture.audit("lee")]).toEqual([CLEAN, CLEAN]);
    const again = await fixture.up(["--plan", plan]);
    expect(again.students?.map(({ changed }) => changed)).toEqual([false, false]);
  });

  it("is refused when the lab was changed in between, or somebody has come", async () => {
    fixture.writeLab();
    expect((await save()).exitCode).toBe(0);
    const before = [fixture.fingerprint("kim"), fixture.fingerprint("lee")];
    fixture.writeLab({ userData: "#!/bin/sh\necho bye\n" });
    fixture.writeRoster("kim,Kim", "lee,Lee", "park,Park");
    const { exitCode, stderr } = await fixture.run("up", "--yes", "--allow-data-loss", "--plan", plan);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /does not hold any more[\s\S]*ctplan\.kim: .*has changed[\s\S]*ctplan\.park: is not in the plan/,
    );
    expect([fixture.fingerprint("kim"), fixture.fingerprint("lee")]).toEqual(before);
    expect(fixture.fingerprint("park")).toBeUndefined();
  });
});
