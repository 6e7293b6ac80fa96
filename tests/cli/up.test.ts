import { readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { previewCourse } from "../../cli/commands/preview.ts";
import { upCourse } from "../../cli/commands/up.ts";
import { kimsStack, known } from "../course/kimsThings.ts";
import { THERE } from "./checkedCourse.ts";
import { type ClassFolder, kims, KIMS_SERVER, kimsCloud } from "./classFolder.ts";
import { cloudOf, kimsFolder } from "./examined.ts";
import { operations, steps } from "./fakeEngine.ts";
import { loginAt } from "./loginAt.ts";

vi.mock("../../engine/enginePool.ts", async () => ({ EnginePool: (await import("./fakeEngine.ts")).FakeEngine }));
vi.mock("../../engine/pulumiProcess.ts", async (original) => ({
  ...(await original<object>()),
  runPulumi: (await import("./fakeEngine.ts")).runPulumi,
}));
vi.mock("../../engine/toolchainEnv.ts", () => ({ toolchainEnv: () => Promise.resolve({}) }));

let said: string[];
beforeEach(() => {
  said = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => said.push(line));
  operations.splice(0);
  steps.clear();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Every state, and whatever else lies beside it. */
const statesOf = ({ stacks }: ClassFolder) =>
  readdirSync(stacks).map((file) => [file, readFileSync(join(stacks, file), "utf8")]);

/** Kim's instance was asked for, and Nova gave it up; `requests` are those that change something. */
async function halfMade() {
  const folder = kimsFolder();
  const { resources } = kims();
  const failed = resources.map((each) => (each.id === "kim-vm" ? { ...each, initErrors: ["unexpected state"] } : each));
  folder.keep(kims({ resources: failed, pending: [{ type: "creating", resource: known("port", "web1-port", "") }] }));
  let isThere = true;
  const server = { ...KIMS_SERVER, status: "ERROR", created: "2026-01-01T00:00:00Z" };
  const answers = {
    ...kimsCloud({ servers: [server] }),
    ...THERE,
    "GET /compute/servers/kim-vm": () => (isThere ? { body: { server } } : { status: 404 }),
    "DELETE /compute/servers/kim-vm": () => {
      isThere = false;
      return { status: 204 };
    },
  };
  const cloud = await cloudOf({ answers });
  loginAt(cloud, folder);
  return { folder, changes: () => cloud.requests.filter((request) => !request.startsWith("GET ")).slice(1) };
}

describe("classroom up after an interrupted run", () => {
  it("changes nothing in a dry run, and says what would be put right first", async () => {
    const { folder, changes } = await halfMade();
    const before = statesOf(folder);
    const { preview, students } = await upCourse({ course: folder.path, dryRun: true });
    expect(preview.toPutRight).toEqual([{ stack: "net101.kim", why: "interrupted" }]);
    expect(said.join("\n")).toContain("left by an interrupted run: net101.kim\nup puts that right first;");
    expect(students).toBeUndefined();
    expect([changes(), statesOf(folder)]).toEqual([[], before]);
    expect(operations.sort()).toEqual(["preview net101", "preview net101.kim"]);
  });

  it("deletes an instance that never came up only once that is agreed to", async () => {
    const { folder, changes } = await halfMade();
    await expect(upCourse({ course: folder.path })).rejects.toThrow("nothing was done; agree with --yes");
    expect(changes()).toEqual([]);
    const agreed = await halfMade();
    await upCourse({ course: agreed.folder.path, yes: true });
    expect(agreed.changes()).toEqual(["DELETE /compute/servers/kim-vm"]);
  });

  it("gives a network its tags only while nobody else is at work", async () => {
    const folder = kimsFolder();
    const inputs = { name: "public", tags: ["course:net101"] };
    const network = { ...known("network", "public-network", "", { inputs }) };
    folder.keep({ stack: "net101", resources: [], pending: [{ type: "creating", resource: network }], outputs: {} });
    const path = "GET /network/v2.0/networks?name=public&project_id=p&fields=id&fields=tags";
    const cloud = await cloudOf({
      answers: { ...kimsCloud(), ...THERE, [path]: () => ({ body: { networks: [{ id: "net", tags: [] }] } }) },
    });
    loginAt(cloud, folder);
    const tagged = () => cloud.requests.filter((request) => request.startsWith("PUT "));
    const { toPutRight } = await previewCourse({ course: folder.path });
    expect([toPutRight, tagged()]).toEqual([[{ stack: "net101", why: "interrupted" }], []]);
    const other = { pid: process.ppid, username: "lee", hostname: hostname(), timestamp: "2026-01-01T00:00:00Z" };
    const lock = folder.lock("net101._operation", other);
    await expect(upCourse({ course: folder.path })).rejects.toThrow("is working on this course");
    expect(tagged()).toEqual([]);
    rmSync(lock);
    await upCourse({ course: folder.path, yes: true }).catch(() => undefined);
    expect(tagged()).toEqual(["PUT /network/v2.0/networks/net/tags"]);
  });
});

describe("classroom up --prune", () => {
  /** Kim is in the roster; jung and lee have left, both of them in the last of three parts. */
  async function left() {
    const folder = kimsFolder();
    for (const id of ["jung", "lee"]) folder.keep(kimsStack({ resources: [] }, id));
    const answers = { ...kimsCloud(), ...THERE };
    loginAt(await cloudOf({ answers }), folder);
    return folder.path;
  }
  const toDestroy = () => said.filter((line) => line.startsWith("to be destroyed")).join();

  it.each([
    [{}, "to be destroyed for good: jung, lee"],
    [{ students: "lee" }, "to be destroyed for good: lee"],
    [{ students: "kim" }, ""],
    [{ shard: "1/3" }, ""],
    [{ shard: "3/3" }, "to be destroyed for good: jung, lee"],
    [{ shard: "3/3", students: "jung,kim" }, "to be destroyed for good: jung"],
  ])("%j", async (chosen, expected) => {
    const course = await left();
    await upCourse({ course, prune: true, dryRun: true, ...chosen });
    expect(toDestroy()).toBe(expected);
  });

  it("refuses whoever is neither in the roster nor has a stack, and former students without --prune", async () => {
    const course = await left();
    await expect(upCourse({ course, prune: true, students: "choi" })).rejects.toThrow('no group "choi"');
    await expect(upCourse({ course, students: "lee" })).rejects.toThrow('no group "lee"');
  });
});

describe("what keeps classroom up from beginning", () => {
  const { urn, type } = known("group", "web-group", "kim-group");

  it("is a class that has no room for those who are named, not for the whole roster", async () => {
    const folder = kimsFolder();
    folder.roster("kim", ...Array.from({ length: 20 }, (_, index) => `s${index}`));
    const answers = { ...kimsCloud(), ...THERE };
    loginAt(await cloudOf({ answers }), folder);
    const { preview } = await upCourse({ course: folder.path, dryRun: true, students: "s1,s2" });
    expect(preview.students.map(({ student }) => student)).toEqual(["s1", "s2"]);
    for (const chosen of [{}, { shard: "1/9" }])
      await expect(upCourse({ course: folder.path, dryRun: true, ...chosen })).rejects.toThrow(
        "21 students do not fit",
      );
  });

  it("is a wrong clock, also where everybody is there, as long as there is something to do", async () => {
    const folder = kimsFolder();
    const answers = { ...kimsCloud(), ...THERE };
    loginAt(await cloudOf({ answers, issuedAt: new Date(Date.now() - 3_600_000) }), folder);
    await upCourse({ course: folder.path, dryRun: true });
    steps.set("net101.kim", [{ op: "update", urn, type, provider: "", diffs: ["name"] }]);
    await expect(upCourse({ course: folder.path, yes: true })).rejects.toThrow(/clock: .* s ahead of the cloud's/);
    expect(operations).not.toContain("up net101.kim");
  });
});
