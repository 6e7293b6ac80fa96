import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { destroyStudents } from "../../cli/class-work/destroyStudents.ts";
import type { OpenClass } from "../../cli/open-class/openClass.ts";
import { EnginePool } from "../../engine/enginePool.ts";
import type { Operation, OperationResult } from "../../engine/operation.ts";
import { readStacks } from "../../engine/stackStates.ts";
import { loadCourse } from "../../stacks/courseFolder.ts";
import { fakeOpenStack, type FakeOpenStack } from "../support/fakeOpenStack.ts";
import { teacherSession } from "../support/teacherSession.ts";
import { ClassFolder, KIMS_SERVER, kimsCloud } from "./classFolder.ts";

/** Whatever it is asked for is done. */
class DonePool extends EnginePool {
  override run({ stack }: Operation): Promise<OperationResult> {
    const nothing = { errors: [], steps: [], begun: true, changes: {}, outputs: {}, output: "", seconds: 0 };
    return Promise.resolve({ stack, outcome: "done", ...nothing });
  }
}

/** Of no course, whatever it is called. */
function teachersOwn(): ReturnType<typeof kimsCloud> {
  const keypairs = [{ keypair: { name: "net101-kim-laptop" } }];
  const servers = [
    { ...KIMS_SERVER, id: "own", name: "net101-kim-demo", status: "ERROR", tenant_id: "p", metadata: {} },
  ];
  return {
    "GET /compute/os-keypairs": () => ({ body: { keypairs } }),
    "GET /compute/servers/detail?all_tenants=1&project_id=p": () => ({ body: { servers } }),
  };
}

let folder: ClassFolder;
let cloud: FakeOpenStack;
let answers: ReturnType<typeof kimsCloud>;
const deleted = () => cloud.requests.filter((request) => request.startsWith("DELETE"));
beforeEach(async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  folder = new ClassFolder();
  folder.makeKim();
  answers = { ...kimsCloud(), ...teachersOwn() };
  cloud = await fakeOpenStack({ answers });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await cloud.close();
  rmSync(folder.path, { recursive: true });
});

async function openClass(): Promise<OpenClass> {
  const loaded = loadCourse(folder.path);
  const env = { PULUMI_BACKEND_URL: `file://${join(folder.hidden, "state")}` };
  const settings = { env, projectFolder: folder.path, settingsFolder: join(folder.hidden, "settings") };
  const choices = { networkIds: {}, images: {}, flavors: {}, roleIds: {}, computeHosts: [] };
  const session = await teacherSession(cloud);
  const address = {
    ...{ authUrl: cloud.authUrl, region: undefined, cacert: undefined, domainId: "default", cloudName: undefined },
    ...{ userId: session.scope.userId, projectId: session.scope.projectId },
  };
  return {
    ...{ loaded, settings, pool: new DonePool(settings, 1), unreadable: new Map() },
    cloud: { loaded, session, offer: undefined, choices, address },
    states: await readStacks(settings, () => true),
  };
}

describe("what a student made by hand", () => {
  it.each([false, true])("is not what the teacher has under such a name, purge: %s", async (purge) => {
    const open = await openClass();
    expect(await destroyStudents(open, ["kim"], { purge })).toEqual([{ student: "kim", ok: true, errors: [] }]);
    expect(deleted()).toEqual([]);
  });

  it("is named and kept, and goes with its parts when it may", async () => {
    const inProject = { project_id: "project-kim", tags: [] };
    const lists = {
      "security-groups": [{ ...inProject, id: "mine", name: "my-group" }],
      "security-group-rules": [
        { ...inProject, id: "its-rule", security_group_id: "mine", direction: "ingress", protocol: "tcp" },
      ],
    };
    Object.assign(answers, kimsCloud({ lists }), teachersOwn());
    const open = await openClass();
    expect(await destroyStudents(open, ["kim"])).toEqual([
      {
        ...{ student: "kim", ok: false },
        errors: [
          "has made things by hand, which are kept unless --purge is given:",
          "  security group my-group (mine)",
        ],
      },
    ]);
    expect(deleted()).toEqual([]);
    expect(await destroyStudents(open, ["kim"], { purge: true })).toEqual([{ student: "kim", ok: true, errors: [] }]);
    expect(deleted()).toEqual([
      "DELETE /network/v2.0/security-group-rules/its-rule",
      "DELETE /network/v2.0/security-groups/mine",
    ]);
  });
});
