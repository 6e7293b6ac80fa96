import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { CLEAN, ClassFixture } from "./classFixture.ts";
import { familyOf } from "./killing.ts";
import { upResult, type UpResult } from "./results.ts";

const kinds = ({ preview: { students } }: UpResult) => students.map(({ change: { kind } }) => kind);

describe("students for whom nothing has changed", () => {
  let fixture: ClassFixture;
  beforeAll(async () => {
    fixture = await ClassFixture.open("ctsettle");
    fixture.writeRoster("kim,Kim", "lee,Lee");
    await fixture.up();
  });
  afterAll(() => fixture.close());

  /** An update, and whether it started the engine. */
  const upWatched = async (...args: string[]) => {
    const run = fixture.start("up", "--yes", "--json", ...args);
    const progress = { over: false };
    const end = run.finally(() => {
      progress.over = true;
    });
    let engine = false;
    while (!progress.over) {
      engine ||= familyOf(run.pid).some(({ argv: [file = ""] }) => file.split("/").at(-1) === "pulumi");
      await sleep(20);
    }
    const { exitCode, stdout, stderr } = await end;
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    return { ...upResult.parse(JSON.parse(stdout)), engine };
  };

  it("are not asked about again", async () => {
    const result = await upWatched();
    expect({ engine: result.engine, kinds: kinds(result) }).toEqual({
      engine: false,
      kinds: ["unchanged", "unchanged"],
    });
    expect(result.students?.map(({ ok, changed }) => ({ ok, changed }))).toEqual([
      { ok: true, changed: false },
      { ok: true, changed: false },
    ]);
    expect(Object.keys(result.students?.[0]?.instances ?? {})).toEqual(["web1"]);
  });

  it("are asked about with --refresh", async () => {
    const result = await upWatched("--refresh");
    expect({ engine: result.engine, kinds: kinds(result) }).toEqual({
      engine: true,
      kinds: ["unchanged", "unchanged"],
    });
    expect((await upWatched()).engine).toBe(false);
  });

  it("are mended where something was deleted by hand, and nobody else is asked about", async () => {
    const before = fixture.fingerprint("lee");
    const { resources } = await fixture.stateOf("kim");
    const id = resources.find(({ type }) => type.endsWith(":RouterInterface"))?.inputs;
    const { routerId, subnetId } = z.object({ routerId: z.string(), subnetId: z.string() }).parse(id);
    const floatingIp = resources.find(({ type }) => type.endsWith(":FloatingIp"))?.id ?? "";
    await fixture.session.request("network", "DELETE", `/v2.0/floatingips/${floatingIp}`, z.unknown());
    const path = `/v2.0/routers/${routerId}/remove_router_interface`;
    await fixture.session.request("network", "PUT", path, z.unknown(), { body: { subnet_id: subnetId } });
    const result = await upWatched();
    expect({ engine: result.engine, kinds: kinds(result) }).toEqual({ engine: true, kinds: ["mended", "unchanged"] });
    expect(await fixture.audit("kim")).toEqual(CLEAN);
    expect(fixture.fingerprint("lee")).toBe(before);
  });

  it("are asked about when the lab asks for something else", async () => {
    fixture.writeLab({ userData: "#!/bin/sh\necho hello\n" });
    const { preview } = await fixture.up(["--dry-run"]);
    expect(preview.students.map(({ change: { kind } }) => kind)).toEqual(["rebuilt", "rebuilt"]);
  });
});
