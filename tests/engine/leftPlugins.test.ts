import { once } from "node:events";
import { spawn } from "node:child_process";
import { expect, it } from "vitest";
import { endLeftPlugins } from "../../engine/leftPlugins.ts";
import { readProcess } from "../../local-cloud/processes.ts";

it.runIf(process.platform === "linux")(
  "what a killed leader of a session left is ended, and nothing else",
  async () => {
    // As Pulumi starts its plugins: in groups of their own, in its session.
    const script = "set -m; sleep 60 & echo $!; wait";
    const [killed, other] = [1, 2].map(() =>
      spawn("bash", ["-c", script], { detached: true, stdio: ["ignore", "pipe", "ignore"] }),
    );
    if (killed?.pid === undefined || other?.pid === undefined) throw new Error("bash cannot be started");
    const [left, stays] = await Promise.all(
      [killed, other].map(async ({ stdout }) => Number(String(await once(stdout, "data")))),
    );
    killed.kill("SIGKILL");
    await once(killed, "exit");
    expect(runs(left)).toBe(true);

    endLeftPlugins(killed.pid);
    await expect.poll(() => runs(left)).toBe(false);
    expect(runs(stays)).toBe(true);

    endLeftPlugins(other.pid);
    await expect.poll(() => runs(stays)).toBe(false);
  },
);

const runs = (pid: number | undefined) => readProcess(pid ?? 0) !== undefined;
