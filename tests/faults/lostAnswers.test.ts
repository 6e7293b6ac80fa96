import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { isWrite } from "../../cloud-proxy/exchange.ts";
import { type Command, FaultClass, WRITES } from "./faultClass.ts";
import { LOST_ANSWERS } from "./faultKinds.ts";
import { drawn } from "./lots.ts";
import { point } from "./points.ts";

const FILE = "tests/faults/lostAnswers.test.ts";
const SUITE = "a request, once, with an answer that is lost or an error,";

interface LostAnswer {
  command: Command;
  nth: number;
  fault: string;
}

const of = (command: Command): LostAnswer[] =>
  Array.from({ length: WRITES[command] }, (_, index) =>
    Object.keys(LOST_ANSWERS).map((fault) => ({ command, nth: index + 1, fault })),
  ).flat();

describe(SUITE, () => {
  let faulty: FaultClass;
  beforeAll(async () => {
    faulty = await FaultClass.open("fllost");
  });
  afterAll(() => faulty.close());

  it("is one of so many", () => {
    expect(inject("soundWrites")).toEqual(WRITES);
  });

  const destroys = drawn(of("destroy"), 12);
  for (const [index, up] of drawn(of("up"), 12).entries()) {
    const destroy = destroys[index % destroys.length] ?? { command: "destroy", nth: 1, fault: "half a body" };
    point(FILE, SUITE, `${nameOf(up)}, and ${nameOf(destroy)}`, async () => {
      const findings: string[] = [];
      for (const { command, nth, fault } of [up, destroy]) {
        faulty.proxy.inject({ only: isWrite, when: { nth }, fault: LOST_ANSWERS[fault] ?? { kind: "reset" } });
        findings.push(...(await faulty.runWithFault(command)));
      }
      if (findings.length > 0) await faulty.startOver();
      expect(findings).toEqual([]);
    });
  }
});

const nameOf = ({ command, nth, fault }: LostAnswer) => `write ${nth} of ${WRITES[command]} of ${command}: ${fault}`;
