import { once } from "node:events";
import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { endForsakenPlugins, endLeftPlugins, ourMark } from "../../engine/leftPlugins.ts";
import { readProcessStat } from "../../engine/processStat.ts";
import { readProcess } from "../../local-cloud/processes.ts";

const byHand = { PATH: process.env["PATH"] ?? "" };
const ours = { ...byHand, ...ourMark };

describe.runIf(process.platform === "linux")("what a killed leader of a session left", () => {
  it("is ended, and nothing else", async () => {
    const [killed, other] = await Promise.all([lead(byHand), lead(byHand)]);
    await killed.end();
    expect(runs(killed.member)).toBe(true);

    endLeftPlugins(killed.leader);
    await expect.poll(() => runs(killed.member)).toBe(false);
    expect(runs(other.member)).toBe(true);

    endLeftPlugins(other.leader);
    await expect.poll(() => runs(other.member)).toBe(false);
  });

  it("is ended by the next run, unless somebody leads it or it is not ours", async () => {
    const [left, led, another] = await Promise.all([lead(ours), lead(ours), lead(byHand)]);
    await Promise.all([left, another].map((session) => session.end()));

    endForsakenPlugins();
    await expect.poll(() => runs(left.member)).toBe(false);
    expect([led, another].map(({ member }) => runs(member))).toEqual([true, true]);

    for (const { leader } of [led, another]) endLeftPlugins(leader);
  });

  it("is ended also while nobody has taken notice of the leader's end", async () => {
    // What takes the shell's place knows nothing of the shell's child.
    const program = "setsid bash -c 'sleep 60 & echo $$ $!; wait' & exec sleep 60";
    const parent = spawn("bash", ["-c", program], { env: ours, stdio: ["ignore", "pipe", "ignore"] });
    const [leader = 0, member = 0] = String(await once(parent.stdout, "data"))
      .split(" ")
      .map(Number);
    process.kill(leader, "SIGKILL");
    await expect.poll(() => readProcessStat(leader)?.state).toBe("Z");

    endForsakenPlugins();
    await expect.poll(() => runs(member)).toBe(false);
    parent.kill("SIGKILL");
    await once(parent, "exit");
  });
});

/** A process in a session of its own, and one that it started as Pulumi starts its plugins: in a group of its own, in its session. */
async function lead(env: Record<string, string>) {
  const child = spawn("bash", ["-c", "set -m; sleep 60 & echo $!; wait"], {
    ...{ env, detached: true, stdio: ["ignore", "pipe", "ignore"] },
  });
  if (child.pid === undefined) throw new Error("bash cannot be started");
  const member = Number(String(await once(child.stdout, "data")));
  const end = async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { leader: child.pid, member, end };
}

const runs = (pid: number) => readProcess(pid) !== undefined;
