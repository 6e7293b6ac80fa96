import { once } from "node:events";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockIsStale, stacksElsewhere } from "../../quickstart/stackState.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "state-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(path: string, content: string): void {
  const file = join(folder, ".pulumi", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

describe("lockIsStale", () => {
  const lock = (holder: object) => {
    const content = { username: "kim", timestamp: "2026-11-21T10:51:22Z", ...holder };
    put("locks/organization/classroom/dev/1.json", JSON.stringify(content));
  };
  /** Pid of a process that has ended and was waited for. */
  const deadPid = () => spawnSync("true").pid;

  it("is false without a lock", () => {
    expect(lockIsStale(folder, "dev")).toBe(false);
  });

  it("is true when the owner on this machine is dead", () => {
    lock({ pid: deadPid(), hostname: hostname() });
    expect(lockIsStale(folder, "dev")).toBe(true);
  });

  it.runIf(process.platform === "linux")("is true when nobody has taken notice of the owner's end", async () => {
    // What takes the shell's place knows nothing of the shell's child.
    const parent = spawn("bash", ["-c", "sleep 0.1 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
    lock({ pid: Number(String(await once(parent.stdout, "data"))), hostname: hostname() });
    await expect.poll(() => lockIsStale(folder, "dev"), { timeout: 5000 }).toBe(true);
    parent.kill("SIGKILL");
    await once(parent, "exit");
  });

  it.each([
    ["the owner lives", () => ({ pid: process.pid, hostname: hostname() })],
    ["the owner is on another machine", () => ({ pid: deadPid(), hostname: "elsewhere" })],
    ["nobody can tell", () => ({})],
  ])("is false when %s", (_case, content) => {
    lock(content());
    expect(lockIsStale(folder, "dev")).toBe(false);
  });

  it("is false for another stack's lock", () => {
    lock({ pid: deadPid(), hostname: hostname() });
    expect(lockIsStale(folder, "other")).toBe(false);
  });
});

describe("stacksElsewhere", () => {
  const stack = (name: string, resources: object[]) => {
    put(`stacks/classroom/${name}.json`, JSON.stringify({ checkpoint: { latest: { resources } } }));
  };
  const LOCAL = { name: "local", authUrl: "http://127.0.0.1:5000/v3" };
  const provider = (cloud?: string, authUrl?: string) => ({
    type: "pulumi:providers:openstack",
    inputs: { cloud, authUrl },
  });

  it("finds stacks on other clouds, by clouds.yaml or OS_*, and what it cannot read", () => {
    stack("local", [provider("local")]);
    stack("empty", []);
    stack("its-student", [provider("local"), provider("", LOCAL.authUrl)]);
    stack("campus", [provider("campus")]);
    stack("campus-student", [provider("local"), provider("", "https://campus.example/v3")]);
    stack("tunnel", [provider("campus", LOCAL.authUrl)]);
    stack("openrc", [provider()]);
    put("stacks/classroom/torn.json", "{");
    expect(
      stacksElsewhere(folder, LOCAL)
        .map((file) => file.split("/").at(-1))
        .sort(),
    ).toEqual(["campus-student.json", "campus.json", "openrc.json", "torn.json", "tunnel.json"]);
  });

  it("finds nothing where there is nothing", () => {
    expect(stacksElsewhere(join(folder, "none"), LOCAL)).toEqual([]);
  });
});
