import { existsSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../cloud/projectUser.ts";
import { CLEAN, ClassFixture } from "./classFixture.ts";
import { familyOf, killAll } from "./killing.ts";

describe("two who work on one class", () => {
  let fixture: ClassFixture;
  beforeAll(async () => {
    fixture = await ClassFixture.open("cttwo");
    fixture.writeRoster("kim,Kim", "lee,Lee");
  });
  afterAll(() => fixture.close());

  const locks = (stack: string) => {
    const folder = fixture.hidden("state/.pulumi/locks/organization/classroom", stack);
    // Beside each lock Pulumi keeps a file with its attributes.
    return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  };
  const isWorkedOn = (stack: string) =>
    until(`a lock of ${stack}`, 180, () => Promise.resolve(locks(stack).length > 0));

  it("are told apart: the second is refused in seconds, and says who is at work", async () => {
    const first = fixture.start("up", "--yes", "--json");
    await isWorkedOn("cttwo.kim");
    for (const command of ["up", "destroy"]) {
      const second = await fixture.run(command, "--yes", "--json");
      expect(second.exitCode).toBe(2);
      for (const said of [second.stdout, second.stderr]) expect(said).toContain(`process ${first.pid ?? "?"}`);
      // It did not wait for the first to end.
      expect(first.exitCode).toBeNull();
    }
    expect(await first).toMatchObject({ exitCode: 0 });
    for (const student of ["kim", "lee"]) expect(await fixture.audit(student)).toEqual(CLEAN);
    expect(locks("cttwo._operation")).toEqual([]);
  });

  it("whoever comes after one that was killed, with all it had started, goes on by itself", async () => {
    fixture.writeRoster("kim,Kim", "lee,Lee", "park,Park");
    const first = fixture.start("up", "--yes", "--json");
    await isWorkedOn("cttwo.park");
    await killAll(familyOf(first.pid));
    await first;
    expect(locks("cttwo._operation")).toHaveLength(1);
    expect(locks("cttwo.park")).toHaveLength(1);
    await fixture.up();
    for (const student of ["kim", "lee", "park"]) expect(await fixture.audit(student)).toEqual(CLEAN);
  });

  it("and so when only the command itself was killed", async () => {
    fixture.writeRoster("kim,Kim", "lee,Lee", "park,Park", "choi,Choi");
    const first = fixture.start("up", "--yes", "--json");
    await isWorkedOn("cttwo.choi");
    process.kill(first.pid ?? 0, "SIGKILL");
    await first;
    await fixture.up();
    for (const student of ["kim", "lee", "park", "choi"]) expect(await fixture.audit(student)).toEqual(CLEAN);
    await fixture.destroy();
    expect(await fixture.traces()).toEqual([]);
  });
});
