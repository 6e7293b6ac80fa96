import { afterEach, describe, expect, it, vi } from "vitest";
import { longestStep, Patience } from "../../engine/patience.ts";

const step = (type: string, op = "create") => ({ urn: `urn:${type}`, type, op });
const NETWORK = "openstack:networking/network:Network";

describe("patience", () => {
  it("ends for a step that takes longer than its kind can take, and says so in words that mean another try", () => {
    const patience = new Patience(Infinity);
    patience.begin(step(NETWORK), 0);
    patience.begin(step("openstack:compute/instance:Instance"), 0);
    expect(patience.overdue(6 * 60_000)).toBeUndefined();
    const overdue = patience.overdue(8 * 60_000);
    expect(overdue?.urn).toBe(`urn:${NETWORK}`);
    expect(overdue?.message).toMatch(/Network timed out after 420 s/);
    patience.end(`urn:${NETWORK}`);
    expect(patience.overdue(44 * 60_000)).toBeUndefined();
    expect(patience.overdue(46 * 60_000)?.message).toContain("Instance");
  });

  it("is shorter for a look, and no longer than it is told", () => {
    const patience = new Patience(Infinity);
    patience.begin(step("openstack:compute/instance:Instance", "refresh"), 0);
    expect(patience.overdue(4 * 60_000)).toBeDefined();
    const short = new Patience(10);
    short.begin(step(NETWORK), 0);
    expect([short.overdue(9000), short.overdue(11_000) === undefined]).toEqual([undefined, false]);
  });

  it("has no end for commands on this computer", () => {
    const patience = new Patience(1);
    patience.begin(step("command:local:Command"), 0);
    expect(patience.overdue(1e9)).toBeUndefined();
  });
});

describe("CLASSROOM_PATIENCE_SECONDS", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  const longest = (text: string | undefined) => {
    vi.stubEnv("CLASSROOM_PATIENCE_SECONDS", text);
    return longestStep();
  };

  it("is a number of seconds, or there is no bound", () => {
    expect([longest("90"), longest(undefined)]).toEqual([90, Infinity]);
  });

  it.each(["90s", "", "0", "-1"])("is refused when it is %j", (text) => {
    expect(() => longest(text)).toThrow(`CLASSROOM_PATIENCE_SECONDS is "${text}": it must be a number of seconds`);
  });
});
