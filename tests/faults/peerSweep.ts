import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Leftovers } from "../../bench/leftovers.ts";
import { differences } from "../../bench/madeStudents.ts";
import { ensureOutside } from "../../bench/outside.ts";
import { openTofu } from "../../bench/variants/openTofu.ts";
import type { Phase } from "../../bench/variant.ts";
import { CloudProxy } from "../../cloud-proxy/cloudProxy.ts";
import { isWrite } from "../../cloud-proxy/exchange.ts";
import { describeObject, type SeenObject } from "../../openstack/cloudObject.ts";
import { cloudSettings } from "../../openstack/cloudSettings.ts";
import { Session } from "../../openstack/session.ts";
import { CLOUD } from "../class/classFolder.ts";
import { familyOf, killAll } from "../class/killing.ts";
import { type PeerPoint, writePeerPoints } from "./peerPoints.ts";
import { LOST_ANSWERS } from "./faultKinds.ts";
import { drawn } from "./lots.ts";

/** Of its own, so that it can run beside the benchmark. */
const NAME = "fl-tofu";

/** The create of one student by OpenTofu, with the faults that ours is tried with: what is there after it was run again, and after destroy. */
async function sweep(): Promise<void> {
  const variant = openTofu("fast", 10, "own-login", NAME);
  const session = await Session.open(cloudSettings(CLOUD));
  await ensureOutside(session);
  const points: PeerPoint[] = [];
  const writes = (await tryPoint(undefined)).writes;
  const all = Array.from({ length: writes }, (_, index) =>
    [...Object.keys(LOST_ANSWERS), "kill -9 before its answer"].map((fault) => ({ nth: index + 1, fault })),
  ).flat();
  for (const point of drawn(all, 12)) {
    const outcome = (await tryPoint(point)).point;
    if (outcome !== undefined) points.push(outcome);
    console.log(JSON.stringify(outcome));
    writePeerPoints({ at: new Date().toISOString(), writes, of: all.length, points });
  }

  async function tryPoint(fault: { nth: number; fault: string } | undefined) {
    const folder = mkdtempSync(join(tmpdir(), "peer-"));
    const proxy = await CloudProxy.open(CLOUD);
    const leftovers = await Leftovers.begin(session, NAME);
    await leftovers.sweep();
    try {
      await variant.prepare(folder);
      let rootPid: number | undefined;
      const run = async (phase: Phase, size: number) => {
        const command = variant.command(phase, size, folder);
        if (command === undefined) throw new Error(`${variant.name} has no ${phase}`);
        const env = { ...command.env, ...proxy.env, OS_CLOUD: CLOUD };
        const child = execa(command.file, [...command.args], { cwd: command.cwd, env, reject: false, all: true });
        rootPid = child.pid;
        const { exitCode, all: output } = await child;
        console.log(`  ${phase}: exit code ${exitCode ?? "none"}`);
        if (exitCode !== 0) console.log(output.split("\n").slice(-12).join("\n"));
        return exitCode ?? -1;
      };
      if (fault !== undefined)
        proxy.inject({
          ...{ only: isWrite, when: { nth: fault.nth } },
          fault: LOST_ANSWERS[fault.fault] ?? {
            ...{ kind: "hold", accepted: true },
            until: () => killAll(familyOf(rootPid)),
          },
        });
      const first = await run("create", 1);
      const writes = proxy.exchanges.filter(isWrite).length;
      const met = proxy.exchanges.find(({ injected }) => injected !== undefined);
      proxy.calm();
      const second = first === 0 ? 0 : await run("create", 1);
      const made = (await leftovers.find()).ours;
      const destroyed = await run("destroy", 1);
      const left = (await leftovers.find()).ours.filter(isThings);
      const point: PeerPoint | undefined =
        fault === undefined
          ? undefined
          : {
              ...{ nth: fault.nth, fault: fault.fault, request: `${met?.method ?? "none"} ${met?.pattern ?? ""}` },
              ...{ first, second, destroyed },
              wrong: differences(NAME, made, 1),
              left: left.map(describeObject),
            };
      return { writes, point };
    } finally {
      await leftovers.sweep();
      await proxy.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** Neutron's own group of a project belongs to no resource of any tool. */
const isThings = ({ automatic }: SeenObject) => !automatic;

await sweep();
