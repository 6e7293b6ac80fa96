import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { destroyCourse } from "../../cli/commands/destroy.ts";
import { planDestroy, planText } from "../../cli/commands/destroyPlan.ts";
import { THERE } from "./checkedCourse.ts";
import { kims, KIMS_SERVER, kimsCloud } from "./classFolder.ts";
import { cloudOf, kimsFolder } from "./examined.ts";
import { operations, writes } from "./fakeEngine.ts";
import { loginAt } from "./loginAt.ts";

vi.mock("../../engine/enginePool.ts", async () => ({ EnginePool: (await import("./fakeEngine.ts")).FakeEngine }));
vi.mock("../../engine/pulumiProcess.ts", async (original) => ({
  ...(await original<object>()),
  runPulumi: (await import("./fakeEngine.ts")).runPulumi,
}));
vi.mock("../../engine/toolchainEnv.ts", () => ({ toolchainEnv: () => Promise.resolve({}) }));

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  operations.splice(0);
  writes.clear();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

async function course({ servers = [KIMS_SERVER] }: { servers?: object[] } = {}) {
  const folder = kimsFolder();
  const cloud = await cloudOf({ answers: { ...kimsCloud({ servers }), ...THERE } });
  loginAt(cloud, folder);
  return { folder, cloud };
}

describe("classroom destroy --dry-run", () => {
  it("says who goes and what was made by hand, and changes nothing", async () => {
    const own = { ...KIMS_SERVER, id: "own-vm", name: "mine", metadata: {} };
    const { folder, cloud } = await course({ servers: [KIMS_SERVER, own] });
    const before = readdirSync(folder.stacks);
    const plan = await planDestroy({ course: folder.path });
    expect(plan).toMatchObject({ students: ["kim"], lost: [], classStack: false, unreadable: [] });
    expect(planText(plan)).toMatch(/^to be destroyed for good: kim\nkim has made things by hand.*\n {2}.*mine/);
    expect((await planDestroy({ course: folder.path, purge: true })).classStack).toBe(true);
    expect(cloud.requests.filter((request) => !/^GET |auth.tokens/.test(request))).toEqual([]);
    expect([readdirSync(folder.stacks), operations]).toEqual([before, []]);
  });
});

describe("classroom destroy after a state was lost", () => {
  it("takes over what is in the cloud, and destroys it before the class", async () => {
    const { folder } = await course();
    rmSync(join(folder.stacks, "net101.kim.json"));
    expect(await planDestroy({ course: folder.path })).toMatchObject({ students: ["kim"], lost: ["net101.kim"] });
    writes.set("up net101.kim", () => folder.keep(kims()));
    await destroyCourse({ course: folder.path, yes: true });
    const worked = operations.filter((each) => /^(preview|up|destroy) /.test(each));
    expect(worked).toEqual([
      "preview net101.kim",
      "preview net101.kim",
      "up net101.kim",
      "destroy net101.kim",
      "destroy net101",
    ]);
  });
});
