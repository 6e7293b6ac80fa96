import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isWrite } from "../../cloud-proxy/exchange.ts";
import { INTERRUPTED } from "../../cli/command-line/stopOnInterrupt.ts";
import { ended, familyOf } from "../class/killing.ts";
import { FaultClass, WRITES } from "./faultClass.ts";
import { drawn } from "./lots.ts";

/** Longer than what counts as one press. */
const BETWEEN_PRESSES_MS = 500;

const moments = (["up", "destroy"] as const).flatMap((command) =>
  drawn(
    Array.from({ length: WRITES[command] }, (_, index) => ({ command, nth: index + 1 })),
    3,
  ),
);

describe("Ctrl-C at a request that changes something:", () => {
  let faulty: FaultClass;
  beforeAll(async () => {
    faulty = await FaultClass.open("flctrl");
  });
  afterAll(() => faulty.close());

  describe.each([1, 2])("pressed %i times", (presses) => {
    it.each(moments)("at write $nth of $command", async ({ command, nth }) => {
      // What a destroy is to take away must be there.
      if (command === "destroy") expect(await faulty.runAgain("up")).toEqual([]);
      const run = faulty.fixture.start(command, "--yes");
      let family: ReturnType<typeof familyOf> = [];
      faulty.proxy.inject({
        ...{ only: isWrite, when: { nth } },
        fault: {
          kind: "hold",
          until: async () => {
            family = familyOf(run.pid);
            for (let press = 0; press < presses; press += 1) {
              if (press > 0) await sleep(BETWEEN_PRESSES_MS);
              run.kill("SIGINT");
            }
          },
        },
      });
      const { exitCode, stdout, stderr } = await run;
      await ended(family);
      expect([exitCode, `${stdout}\n${stderr}`]).toEqual([INTERRUPTED, expect.stringContaining("stopp")]);
      // What was in flight has been brought to its end and saved.
      if (presses === 1) expect(await pendingOf(faulty)).toEqual([]);
      const findings = await faulty.runAgain(command);
      if (command === "up" || findings.length > 0) findings.push(...(await faulty.runAgain("destroy")));
      expect(findings).toEqual([]);
    });
  });
});

async function pendingOf({ fixture }: FaultClass): Promise<string[]> {
  return [...(await fixture.states()).values()].flatMap(({ pending }) => pending.map(({ resource }) => resource.urn));
}
