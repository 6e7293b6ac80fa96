import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { forsakenPlugins } from "../../engine/leftPlugins.ts";
import { type Audit, CLEAN, ClassFixture } from "./classFixture.ts";
import { familyOf, killAll } from "./killing.ts";

/** How often a run is killed, half of them an `up` and half a `destroy`; at least 20. */
const KILLS = Number(process.env["CLASS_TEST_KILLS"] ?? 24);
/** Decides the moments: the same seed, the same moments. */
const SEED = Number(process.env["CLASS_TEST_SEED"] ?? 5);

const STUDENT = "kim";
/** What is killed: the command alone, the engine, the provider's plugin, or all at once as when the power goes. */
const VICTIMS = ["command", "engine", "plugin", "everything"] as const;
type Victim = (typeof VICTIMS)[number];

interface Kill {
  command: "up" | "destroy";
  victim: Victim;
  /** How much of the work was done, from 0 to 1. */
  moment: number;
  /** Further milliseconds, so that requests are hit as well as the pauses between them. */
  delay: number;
}

describe("a run that is killed with kill -9", () => {
  let fixture: ClassFixture;
  /** Resources of a class that is there. */
  let total = 0;
  const findings: string[] = [];

  beforeAll(async () => {
    fixture = await ClassFixture.open("ctkill");
    fixture.writeRoster(`${STUDENT},Kim`);
    await fixture.up();
    total = resourcesNow();
  });
  afterAll(() => fixture.close());

  it(`is made good by the next one, whatever was killed and when: ${KILLS} times`, async () => {
    let killed = 0;
    for (const kill of moments(KILLS, SEED)) {
      killed += (await runAndKill(kill)) ? 1 : 0;
      await runAgain(kill);
    }
    expect(findings).toEqual([]);
    // One that was over before its moment came proves nothing.
    expect(killed).toBeGreaterThanOrEqual(Math.min(20, KILLS - 2));
  });

  it("leaves nothing in the end", async () => {
    const { left } = await fixture.destroy();
    expect(left).toEqual([]);
    expect(await fixture.traces()).toEqual([]);
    expect((await fixture.states()).size).toBe(0);
  });

  /** @returns whether it was killed before it ended */
  async function runAndKill({ command, victim, moment, delay }: Kill): Promise<boolean> {
    const run = fixture.start(command, "--yes");
    const progress = { over: false };
    const end = run.finally(() => {
      progress.over = true;
    });
    const done = () => (command === "up" ? resourcesNow() : total - resourcesNow());
    while (!progress.over && done() < moment * total) await sleep(10);
    await sleep(delay);
    const victims = progress.over ? [] : await victimsOf(run.pid, victim, () => progress.over);
    await killAll(victims);
    const { exitCode, signal } = await end;
    const at = `${command} at ${(moment * 100).toFixed(0)} % + ${delay.toFixed(0)} ms`;
    const how = victims.length === 0 ? "was over before" : `${victims.length} killed`;
    console.log(`${at}, ${victim}: ${how}, ended with ${exitCode ?? signal ?? "?"}, ${resourcesNow()} resources`);
    return victims.length > 0;
  }

  async function runAgain({ command, ...kill }: Kill): Promise<void> {
    const { exitCode, stdout, stderr } = await fixture.run(command, "--yes");
    const found =
      exitCode === 0
        ? command === "up"
          ? differences(await auditOrWhy())
          : await fixture.traces()
        : [`ended with ${exitCode ?? "a signal"}:\n${stdout}\n${stderr}`];
    found.push(...forsakenPlugins().map((pid) => `process ${pid} was left`));
    if (found.length === 0) return;
    findings.push([`after ${command} ${JSON.stringify(kill)}:`, ...found].join("\n  "));
    console.error(findings.at(-1));
    // The next kill is to find a sound class, or none.
    await fixture.startOver();
    if (command === "up") await fixture.up();
  }

  async function auditOrWhy(): Promise<Audit> {
    const servers = await fixture.serversOf(STUDENT);
    const audit = await fixture.audit(STUDENT);
    return servers.length === 1 ? audit : { ...audit, orphans: [...audit.orphans, `servers: ${servers.join(" ")}`] };
  }

  /** Of class and student, as the state has them at this moment. */
  function resourcesNow(): number {
    return resourcesIn(fixture.stateFile()) + resourcesIn(fixture.stateFile(STUDENT));
  }
});

/** Evenly over the whole of each command, and each victim at early and late moments. */
function moments(kills: number, seed: number): Kill[] {
  const pairs = Math.ceil(kills / 2);
  const thousandths = fc.noBias(fc.integer({ min: 0, max: 999 }));
  const random = fc.sample(fc.tuple(thousandths, thousandths, thousandths), { seed, numRuns: pairs });
  // So that neighbours in time are not neighbours in progress: 7 has no divisor in common with most numbers of pairs.
  return random.flatMap(([within, ...delays], index) =>
    (["destroy", "up"] as const).map((command, half): Kill => ({
      ...{ command, moment: (((index * 7) % pairs) + within / 1000) / pairs, delay: (delays[half] ?? 0) * 0.4 },
      victim: VICTIMS[(index + half) % VICTIMS.length] ?? "everything",
    })),
  );
}

/** Looks until there is such a process, for one may just have ended and the next not begun. */
async function victimsOf(root: number | undefined, victim: Victim, over: () => boolean) {
  for (;;) {
    const family = familyOf(root);
    const named = (name: string) => family.filter(({ argv: [file = ""] }) => file.split("/").at(-1) === name);
    const engines = named("pulumi").filter(({ argv }) => !argv.some((word) => word.endsWith("._operation")));
    const found = {
      command: family.filter(({ pid }) => pid === root),
      engine: engines,
      plugin: named("pulumi-resource-openstack"),
      everything: family,
    }[victim];
    if (found.length > 0 || over()) return found;
    await sleep(10);
  }
}

function differences(audit: Audit): string[] {
  return JSON.stringify(audit) === JSON.stringify(CLEAN) ? [] : [JSON.stringify(audit, null, 2)];
}

const checkpoint = z.object({
  checkpoint: z.object({ latest: z.object({ resources: z.array(z.unknown()).nullish() }).nullish() }),
});

function resourcesIn(file: string): number {
  try {
    return checkpoint.parse(JSON.parse(readFileSync(file, "utf8"))).checkpoint.latest?.resources?.length ?? 0;
  } catch {
    return 0; // Not there, or no longer.
  }
}
