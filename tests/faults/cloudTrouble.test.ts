import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isWrite } from "../../cloud-proxy/exchange.ts";
import type { Fault, FaultRule } from "../../cloud-proxy/faultSchedule.ts";
import { type Command, FaultClass, NOTHING_INJECTED } from "./faultClass.ts";

const COMMANDS = ["up", "destroy"] as const;

/** What Neutron says while something still uses a subnet, a router or a group. */
const CONFLICT = { kind: "status", status: 409 } as const;
/** So long a cloud that limits its users refuses every request. */
const BURST_MS = 12_000;

/** What is wrong with the cloud; a run gets over it by itself. */
const TROUBLES: { what: string; rules: () => FaultRule[] }[] = [
  {
    what: "5xx on one request in twenty",
    rules: () =>
      [500, 502, 503, 504].map((status, index) => ({
        when: { chance: 0.0125 },
        fault: { kind: "status", status, accepted: index % 2 === 1 } as const,
      })),
  },
  {
    what: "429 with Retry-After",
    rules: () => [burst({ kind: "status", status: 429, retryAfterSeconds: 2 })],
  },
  {
    what: "429 without Retry-After",
    rules: () => [burst({ kind: "status", status: 429 })],
  },
  {
    what: "every service is slow",
    rules: () => [{ when: { from: 1 }, fault: { kind: "slow", seconds: 0.5 } }],
  },
  {
    what: "subnets, routers, groups in use",
    rules: () => [
      {
        ...{ method: "DELETE", path: /\/(subnets|routers|security-groups)\//, when: { from: 1, to: 4 } },
        fault: CONFLICT,
      },
    ],
  },
];

/** From the thirtieth request on. */
function burst(fault: Fault): FaultRule {
  let [seen, began] = [0, 0];
  const only = () => {
    seen += 1;
    if (seen === 30) began = performance.now();
    return seen >= 30 && performance.now() - began < BURST_MS;
  };
  return { only, when: { from: 1 }, fault };
}

describe("a cloud in trouble:", () => {
  let faulty: FaultClass;
  beforeAll(async () => {
    faulty = await FaultClass.open("flcloud", 5);
  });
  afterAll(() => faulty.close());

  async function through(trouble: (command: Command) => void): Promise<string[]> {
    const findings: string[] = [];
    for (const command of COMMANDS) {
      trouble(command);
      findings.push(...(await faulty.runWithFault(command)));
    }
    if (findings.length > 0) await faulty.startOver();
    return findings;
  }

  it.each(TROUBLES)("$what", async ({ rules }) => {
    const findings = await through(() => {
      faulty.proxy.inject(...rules());
    });
    // Up does not delete, so that it meets no conflict.
    expect(findings.filter((finding) => finding !== NOTHING_INJECTED)).toEqual([]);
    expect(faulty.failedFirst.splice(0)).toEqual([]);
  });

  it("the look at what was just made fails with 500, for each kind in turn", async () => {
    const kinds = ["networks", "subnets", "routers", "ports", "floatingips"];
    const findings = await through(() => {
      for (const kind of kinds)
        faulty.proxy.inject({
          ...{ method: "GET", path: new RegExp(`/v2.0/${kind}/[^/?]+$`), when: { nth: 1 } },
          fault: { kind: "status", status: 500 },
        });
    });
    expect(findings).toEqual([]);
  });

  it("a request is never answered: it is given up, found or made again", async () => {
    faulty.fixture.variables = { ...faulty.fixture.variables, CLASSROOM_PATIENCE_SECONDS: "90" };
    const findings = await through((command) => {
      faulty.proxy.inject({ only: isWrite, when: { nth: 9 }, fault: { kind: "hang", accepted: command === "up" } });
    });
    expect(findings).toEqual([]);
    expect(faulty.failedFirst.splice(0)).toEqual([]);
  });

  it("tokens expire in the middle", async () => {
    const findings = await through(() => {
      faulty.proxy.inject({
        ...{ only: isWrite, when: { nth: 8 } },
        fault: {
          kind: "hold",
          until: () => {
            faulty.proxy.expireTokens();
            return Promise.resolve();
          },
        },
      });
    });
    expect(findings).toEqual([]);
    expect(faulty.failedFirst.splice(0)).toEqual([]);
  });

  it("credentials end for good in the middle: nothing is lost", async () => {
    const findings = await through(() => {
      let isOver = false;
      faulty.proxy.inject({
        // The eighth write is the first to be refused.
        only: (exchange) => (isOver ||= isWrite(exchange) && faulty.writesSeen() >= 8),
        ...{ when: { from: 1 }, fault: { kind: "status", status: 401 } },
      });
    });
    expect(findings).toEqual([]);
    expect(faulty.failedFirst.splice(0)).toEqual(["up", "destroy"]);
  });

  it("a service that the catalogue does not have is named, and nothing is begun", async () => {
    faulty.proxy.hide("network");
    const { exitCode, stderr } = await faulty.fixture.run("up", "--yes");
    expect(stderr).toContain("network");
    expect(exitCode).not.toBe(0);
    expect(await faulty.fixture.traces()).toEqual([]);
    faulty.proxy.calm();
    expect([...(await faulty.runAgain("up")), ...(await faulty.runAgain("destroy"))]).toEqual([]);
  });
});
