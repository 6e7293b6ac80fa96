import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";
import type { OpenClass } from "../../cli/open-class/openClass.ts";
import { EnginePool } from "../../engine/enginePool.ts";
import type { OperationResult } from "../../engine/operation.ts";
import { readEachStack } from "../../engine/stackStates.ts";
import { loadCourse } from "../../stacks/courseFolder.ts";
import type { FakeOpenStack } from "../support/fakeOpenStack.ts";
import { teacherSession } from "../support/teacherSession.ts";
import { kimsStack } from "../course/kimsThings.ts";
import type { ClassFolder } from "./classFolder.ts";

/** How an operation ended. */
export const ended = (stack: string, more: Partial<OperationResult> = {}): OperationResult => ({
  ...{ stack, outcome: "done", errors: [], steps: [], begun: true, changes: {}, outputs: {}, output: "", seconds: 1 },
  ...more,
});

/** The class of kim and lee, who both have a stack, opened for work: only the engine's operations are not what they are, all end well. */
export async function openedClass(folder: ClassFolder, cloud: FakeOpenStack): Promise<OpenClass> {
  folder.roster("kim", "lee");
  folder.makeKim();
  folder.keep(kimsStack({}, "lee"));
  folder.write(".classroom/keys/lee.pub", "ssh-ed25519 AAAA", 0o644);
  const loaded = loadCourse(folder.path);
  const session = await teacherSession(cloud);
  const settings = {
    projectFolder: process.cwd(),
    settingsFolder: join(folder.hidden, "settings"),
    env: { PULUMI_BACKEND_URL: `file://${join(folder.hidden, "state")}` },
  };
  mkdirSync(settings.settingsFolder);
  const { states } = await readEachStack(settings, () => true);
  const pool = new EnginePool(settings, 4);
  vi.spyOn(pool, "run").mockImplementation(({ stack }) => Promise.resolve(ended(stack)));
  const choices = { networkIds: {}, images: {}, flavors: {}, roleIds: {}, computeHosts: [] };
  const address = { authUrl: cloud.authUrl, region: undefined, cacert: undefined, cloudName: undefined };
  return {
    ...{ loaded, settings, pool, states, unreadable: new Map() },
    cloud: { loaded, session, offer: undefined, choices, address: { ...address, ...session.scope } },
  };
}
