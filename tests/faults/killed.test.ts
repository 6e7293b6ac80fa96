import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { isWrite } from "../../cloud-proxy/exchange.ts";
import { familyOf, killAll } from "../class/killing.ts";
import type { Process } from "../../local-cloud/processes.ts";
import { type Command, FaultClass, type Killing, WRITES } from "./faultClass.ts";
import { drawn } from "./lots.ts";
import { point } from "./points.ts";

const FILE = "tests/faults/killed.test.ts";
const SUITE = "a run that is killed with kill -9 at a request";

/** What is killed: the command alone, the engine, the provider's plugin, or all at once as when the power goes. */
const VICTIMS = ["everything", "engine", "command", "plugin"] as const;
type Victim = (typeof VICTIMS)[number];

/** Before the cloud hears of the request, when it has carried it out and nobody knows yet, or when the answer is on its way. */
const MOMENTS = ["before it is sent", "before its answer", "after its answer"] as const;

/** So long an answer takes to arrive; less than what is done with it. */
const ANSWER_MS = 10;

interface Kill {
  command: Command;
  nth: number;
  moment: (typeof MOMENTS)[number];
  victim: Victim;
}

/** Every request that changes something, at every moment, with every victim. */
const of = (command: Command): Kill[] =>
  Array.from({ length: WRITES[command] }, (_, index) =>
    MOMENTS.flatMap((moment) => VICTIMS.map((victim) => ({ command, nth: index + 1, moment, victim }))),
  ).flat();

describe(SUITE, () => {
  let faulty: FaultClass;
  beforeAll(async () => {
    faulty = await FaultClass.open("flkill");
  });
  afterAll(() => faulty.close());

  it("has so many of them", () => {
    expect(inject("soundWrites")).toEqual(WRITES);
  });

  const destroys = drawn(of("destroy"), 16);
  for (const [index, up] of drawn(of("up"), 16).entries()) {
    const kills = [up, destroys[index]].flatMap((kill) => kill ?? []);
    point(FILE, SUITE, kills.map(nameOf).join(", and "), async () => {
      const findings: string[] = [];
      for (const kill of kills) findings.push(...(await faulty.runAndKill(kill.command, (pid) => arm(kill, pid))));
      // Whatever was left out has nothing to destroy after it.
      if (kills.length === 1) findings.push(...(await faulty.runAgain("destroy")));
      if (findings.length > 0) await faulty.startOver();
      expect(findings).toEqual([]);
    });
  }

  function arm({ nth, moment, victim }: Kill, root: number | undefined): Killing {
    const killing: Killing = { killed: 0, family: [] };
    const kill = async () => {
      killing.family = familyOf(root);
      const victims = victimsOf(killing.family, root, victim);
      killing.killed = victims.length;
      await killAll(victims);
    };
    const killSoon = () => {
      setTimeout(() => void kill(), ANSWER_MS);
      return Promise.resolve();
    };
    const [accepted, until] = [moment !== "before it is sent", moment === "after its answer" ? killSoon : kill];
    faulty.proxy.inject({ only: isWrite, when: { nth }, fault: { kind: "hold", accepted, until } });
    return killing;
  }
});

function victimsOf(family: readonly Process[], root: number | undefined, victim: Victim): Process[] {
  const named = (name: string) => family.filter(({ argv: [file = ""] }) => file.split("/").at(-1) === name);
  if (victim === "everything") return [...family];
  if (victim === "command") return family.filter(({ pid }) => pid === root);
  if (victim === "plugin") return named("pulumi-resource-openstack");
  return named("pulumi").filter(({ argv }) => !argv.some((word) => word.endsWith("._operation")));
}

const nameOf = ({ command, nth, moment, victim }: Kill) =>
  `${victim}, write ${nth} of ${WRITES[command]} of ${command}, ${moment}`;
