import { afterEach, describe, expect, it, vi } from "vitest";
import { createVolumeSnapshot, deleteVolumeSnapshot } from "../../openstack/volumeSnapshot.ts";
import { fakeOpenStack, type FakeOpenStack } from "../support/fakeOpenStack.ts";
import { fakeVolumes, type FakeSnapshot } from "../support/fakeVolumes.ts";
import { teacherSession } from "../support/teacherSession.ts";

vi.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));

let cloud: FakeOpenStack;
afterEach(() => cloud.close());

async function cloudWith(...snapshots: FakeSnapshot[]) {
  const cinder = fakeVolumes(snapshots);
  cloud = await fakeOpenStack({ answers: cinder.answers });
  return { ...cinder, session: await teacherSession(cloud) };
}

const KEY = { volumeId: "v1", name: "data" };
const snapshot = (id: string, change: Partial<FakeSnapshot> = {}): FakeSnapshot => ({
  id,
  name: "data",
  volume_id: "v1",
  status: "available",
  description: null,
  metadata: {},
  ...change,
});

describe("createVolumeSnapshot", () => {
  it("makes one, also of an attached volume, and waits until it is available", async () => {
    const { session, created, all } = await cloudWith();
    const metadata = { course: "net101" };
    expect(await createVolumeSnapshot(session, { ...KEY, description: "first", metadata })).toBe("new-1");
    expect(created).toEqual([{ volume_id: "v1", name: "data", description: "first", force: true, metadata }]);
    expect(all[0]?.status).toBe("available");
  });

  it("asks for an unattached volume when told", async () => {
    const { session, created } = await cloudWith();
    await createVolumeSnapshot(session, { ...KEY, force: false });
    expect(created[0]?.force).toBe(false);
  });

  it.each(["available", "creating"])("takes over one that is %s, and describes it anew", async (status) => {
    const { session, created, all } = await cloudWith(snapshot("s1", { status }));
    expect(await createVolumeSnapshot(session, { ...KEY, description: "new", metadata: { a: "b" } })).toBe("s1");
    expect(created).toEqual([]);
    expect(all[0]).toMatchObject({ description: "new", metadata: { a: "b" } });
  });

  it("changes nothing on one that is as it should be", async () => {
    const { session } = await cloudWith(snapshot("s1", { description: "d", metadata: { a: "b" } }));
    await createVolumeSnapshot(session, { ...KEY, description: "d", metadata: { a: "b" } });
    expect(cloud.requests.filter((request) => /^(PUT|DELETE)/.test(request))).toEqual([]);
  });

  it("leaves another name and another volume alone", async () => {
    const others = [snapshot("s1", { name: "database" }), snapshot("s2", { volume_id: "v2" })];
    const { session, deleted } = await cloudWith(...others);
    expect(await createVolumeSnapshot(session, KEY)).toBe("new-1");
    expect(deleted).toEqual([]);
  });

  it.each(["error", "deleting"])("replaces one that is in %s", async (status) => {
    const { session, all } = await cloudWith(snapshot("s1", { status }));
    expect(await createVolumeSnapshot(session, KEY)).toBe("new-1");
    expect(all.map(({ id }) => id)).toEqual(["new-1"]);
  });

  it("says so when the cloud cannot make it", async () => {
    const { session, answers } = await cloudWith(snapshot("s1", { status: "creating" }));
    answers["GET /volume/snapshots/s1"] = () => ({ body: { snapshot: snapshot("s1", { status: "error" }) } });
    await expect(createVolumeSnapshot(session, KEY)).rejects.toThrow(
      "the snapshot s1 is error; the volume service's log",
    );
  });

  it("ends when it takes too long", async () => {
    const { session, answers } = await cloudWith(snapshot("s1", { status: "creating" }));
    answers["GET /volume/snapshots/s1"] = () => ({ body: { snapshot: snapshot("s1", { status: "creating" }) } });
    await expect(createVolumeSnapshot(session, { ...KEY, timeoutSeconds: 0 })).rejects.toThrow(
      "the snapshot s1 is not available after 0 s",
    );
  });
});

describe("deleteVolumeSnapshot", () => {
  it("waits until it is gone", async () => {
    const { session, all, deleted } = await cloudWith(snapshot("s1"), snapshot("s2", { name: "other" }));
    await deleteVolumeSnapshot(session, KEY);
    expect(deleted).toEqual(["s1"]);
    expect(all.map(({ id }) => id)).toEqual(["s2"]);
  });

  it("is fine when there is none", async () => {
    const { session, deleted } = await cloudWith();
    await deleteVolumeSnapshot(session, KEY);
    expect(deleted).toEqual([]);
  });

  it("is fine when it goes in between", async () => {
    const { session, answers } = await cloudWith(snapshot("s1"));
    answers["DELETE /volume/snapshots/s1"] = () => ({ status: 404 });
    answers["GET /volume/snapshots/s1"] = () => ({ status: 404 });
    await deleteVolumeSnapshot(session, KEY);
    expect(cloud.requests).toContain("DELETE /volume/snapshots/s1");
  });

  it("says in Cinder's words why it is refused", async () => {
    const { session, answers } = await cloudWith(snapshot("s1"));
    answers["DELETE /volume/snapshots/s1"] = () => ({
      status: 400,
      body: { badRequest: { message: "has dependents" } },
    });
    await expect(deleteVolumeSnapshot(session, KEY)).rejects.toThrow(/answers 400: has dependents$/);
  });
});
