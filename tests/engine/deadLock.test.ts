import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { breakDeadLock } from "../../engine/deadLock.ts";
import type { EngineSettings } from "../../engine/engineSettings.ts";
import { type ProcessResult, runPulumi } from "../../engine/pulumiProcess.ts";
import { requireToolchain } from "../toolchain/installedToolchain.ts";

const STACK = "net101.kim";
/** Each is a few processes of Pulumi. */
const TIMEOUT = 60_000;
let folder: string;
let settings: EngineSettings;

beforeEach((context) => {
  const { env } = requireToolchain(context);
  folder = mkdtempSync(join(tmpdir(), "locks-"));
  const projectFolder = join(import.meta.dirname, "../..");
  settings = {
    ...{ projectFolder, settingsFolder: join(folder, "settings") },
    env: { ...env, PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_CONFIG_PASSPHRASE: "passphrase" },
  };
  mkdirSync(settings.settingsFolder);
  copyFileSync(join(projectFolder, "Pulumi.yaml"), join(settings.settingsFolder, "Pulumi.yaml"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const locks = () => join(folder, ".pulumi/locks/organization/classroom", STACK);
const stacks = () => readdirSync(join(folder, ".pulumi/stacks/classroom")).filter((name) => name.endsWith(".json"));

function lock(pid: number, host = hostname()): void {
  const content = { pid, username: "kim", hostname: host, timestamp: "2026-11-21T10:51:22Z" };
  mkdirSync(locks(), { recursive: true });
  writeFileSync(join(locks(), `${pid}.json`), JSON.stringify(content));
}

/** Pid of a process that has ended and was waited for. */
const deadPid = () => spawnSync("true").pid;

const make = () => runPulumi(settings, ["stack", "init", "--stack", STACK], undefined, settings.settingsFolder);
const remove = () =>
  runPulumi(settings, ["stack", "rm", "--yes", "--stack", STACK], undefined, settings.settingsFolder);
const attempt = ({ stderr }: ProcessResult) => breakDeadLock(settings, { stack: STACK, output: stderr });

it("breaks the locks that dead processes left on a stack", { timeout: TIMEOUT }, async () => {
  await make();
  lock(deadPid());
  lock(deadPid());
  expect(await attempt(await remove())).toBe(true);
  expect(readdirSync(locks())).toEqual([]);
  expect((await remove()).exitCode).toBe(0);
});

it(
  "breaks the lock of a process that died while making the stack; then it is there",
  { timeout: TIMEOUT },
  async () => {
    lock(deadPid());
    const refused = await make();
    expect(refused.exitCode).not.toBe(0);
    expect(await attempt(refused)).toBe(true);
    expect(readdirSync(locks())).toEqual([]);
    expect(stacks()).toEqual([`${STACK}.json`]);
    expect((await remove()).exitCode).toBe(0);
  },
);

it(
  "has nothing to break where the lock went while Pulumi read who holds it: the next try gets on",
  { timeout: TIMEOUT },
  async () => {
    await make();
    mkdirSync(locks(), { recursive: true });
    // Listed, and not there when it is read.
    symlinkSync(join(folder, "gone"), join(locks(), "1.json"));
    const failed = await remove();
    expect(failed.exitCode).not.toBe(0);
    expect(await attempt(failed)).toBe(true);
    rmSync(join(locks(), "1.json"));
    expect((await remove()).exitCode).toBe(0);
  },
);

it.each([
  [
    "one of the owners lives",
    () => {
      [deadPid(), process.pid].forEach((pid) => {
        lock(pid);
      });
    },
  ],
  [
    "the owner is on another machine",
    () => {
      lock(deadPid(), "elsewhere");
    },
  ],
  [
    "who the owner is cannot be read",
    () => {
      mkdirSync(locks(), { recursive: true });
      writeFileSync(join(locks(), "1.json"), "");
    },
  ],
])("leaves the lock alone when %s", { timeout: TIMEOUT }, async (_case, prepare) => {
  prepare();
  const before = readdirSync(locks());
  expect(await attempt(await make())).toBe(false);
  expect(readdirSync(locks())).toEqual(before);
  expect(existsSync(join(folder, ".pulumi/stacks"))).toBe(false);
});
