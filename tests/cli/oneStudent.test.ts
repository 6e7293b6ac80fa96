import { rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { applyStudents } from "../../cli/class-work/applyStudents.ts";
import { destroyStudents } from "../../cli/class-work/destroyStudents.ts";
import type { OpenClass } from "../../cli/open-class/openClass.ts";
import { previewClass } from "../../cli/open-class/previewClass.ts";
import type * as putRightModule from "../../cli/recovery/putRight.ts";
import { putRightInterrupted } from "../../cli/recovery/putRightInterrupted.ts";
import type * as inventoryModule from "../../openstack/inventory.ts";
import { UserError } from "../../terminal/userError.ts";
import { cloudOf, inCloud, kimsThings } from "../course/kimsThings.ts";
import { fakeOpenStack, type FakeOpenStack } from "../support/fakeOpenStack.ts";
import { ClassFolder } from "./classFolder.ts";
import { ended, openedClass } from "./openedClass.ts";

const { putRight, readInventory } = vi.hoisted(() => ({
  putRight: vi.fn<typeof putRightModule.putRight>(),
  readInventory: vi.fn<typeof inventoryModule.readInventory>(),
}));
vi.mock("../../cli/recovery/putRight.ts", () => ({ putRight }));
vi.mock("../../openstack/inventory.ts", async (original) => ({
  ...(await original<typeof inventoryModule>()),
  readInventory,
}));

const NEVER_CAME_UP = "instance web1 never came up, and could not be deleted: it is locked";
const STRANGER = inCloud("network", "own-net", { tags: {}, because: "project" });

let folder: ClassFolder;
let cloud: FakeOpenStack;
let open: OpenClass;
beforeEach(async () => {
  folder = new ClassFolder();
  cloud = await fakeOpenStack({
    answers: { "GET /compute/servers/lee-vm": () => ({ status: 501, body: "Nova is down" }) },
  });
  open = await openedClass(folder, cloud);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  putRight.mockReset().mockImplementation((_open, { stack }) => {
    if (stack === "net101.lee") return Promise.reject(new UserError(NEVER_CAME_UP, 1));
    return Promise.resolve({});
  });
  readInventory.mockReset().mockResolvedValue(cloudOf([...kimsThings(), ...kimsThings("lee")]));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await cloud.close();
  rmSync(folder.path, { recursive: true });
});

const changes = () => cloud.requests.filter((request) => /^(PUT|POST|DELETE) \/(?!v3)/.test(request));
const damageKeyOfLee = () => {
  folder.write(".classroom/keys/lee", "-----BEGIN OPENSSH");
  truncateSync(join(folder.hidden, "keys", "lee.pub"));
};

describe("one student's failure is that student's alone:", () => {
  it("what a killed update left cannot be put right", async () => {
    for (const id of ["kim", "lee"]) {
      const state = open.states.get(`net101.${id}`);
      const [resource] = state?.resources ?? [];
      if (state !== undefined && resource !== undefined) state.pending.push({ resource, type: "creating" });
    }
    await putRightInterrupted(open, open.loaded.students, new Set());
    expect(putRight.mock.calls.map(([, { stack }]) => stack).sort()).toEqual(["net101.kim", "net101.lee"]);
    const { preview } = await previewClass(open, open.loaded.students);
    expect(preview.failed).toEqual([{ student: "lee", errors: [NEVER_CAME_UP] }]);
    expect(preview.students.map(({ student }) => student)).toEqual(["kim"]);
  });

  it("the private key is damaged", async () => {
    damageKeyOfLee();
    const reason: unknown = expect.stringMatching(/the private key .*keys\/lee has no \.pub/);
    const { preview } = await previewClass(open, open.loaded.students);
    expect(preview.failed).toEqual([{ student: "lee", errors: [reason] }]);
    expect(await applyStudents(open, open.loaded.students)).toMatchObject([
      { student: "kim", ok: true, changed: true, errors: [] },
      { student: "lee", ok: false, changed: false, errors: [reason] },
    ]);
  });

  it("the update fails, and Nova does not say why", async () => {
    vi.spyOn(open.pool, "run").mockImplementation(({ stack }) =>
      Promise.resolve(
        ended(stack, stack.endsWith("lee") ? { outcome: "failed", errors: [{ message: "error: No valid host" }] } : {}),
      ),
    );
    putRight.mockResolvedValue({});
    expect(await applyStudents(open, open.loaded.students)).toMatchObject([
      { student: "kim", ok: true, errors: [] },
      { student: "lee", ok: false, errors: ["No valid host"] },
    ]);
    expect(cloud.requests).toContain("GET /compute/servers/lee-vm");
  });

  it("the stack cannot be destroyed", async () => {
    expect(await destroyStudents(open, ["kim", "lee"])).toEqual([
      { student: "kim", ok: true, errors: [] },
      { student: "lee", ok: false, errors: [NEVER_CAME_UP] },
    ]);
    expect([...open.states.keys()].sort()).toEqual(["net101", "net101.lee"]);
  });
});

describe("after Ctrl-C a destroy begins nothing new:", () => {
  const interrupted = ["kim", "lee"].map((student) => ({ student, ok: false, errors: ["interrupted"] }));
  beforeEach(() => {
    putRight.mockResolvedValue({});
    readInventory.mockResolvedValue(cloudOf([...kimsThings(), ...kimsThings("lee"), STRANGER]));
  });

  it("nothing at all when it was before", async () => {
    open.pool.interrupt();
    expect(await destroyStudents(open, ["kim", "lee"], { purge: true })).toEqual(interrupted);
    expect([putRight.mock.calls, readInventory.mock.calls, changes()]).toEqual([[], [], []]);
  });

  it("nothing is purged when it was while things were put right", async () => {
    // Of a pool that is interrupted, the real one starts nothing.
    vi.spyOn(open.pool, "run").mockRestore();
    putRight.mockImplementation(() => {
      open.pool.interrupt();
      return Promise.resolve({});
    });
    expect(await destroyStudents(open, ["kim", "lee"], { purge: true })).toEqual(interrupted);
    expect(changes()).toEqual([]);
  });
});
