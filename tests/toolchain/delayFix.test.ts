import { describe, expect, it } from "vitest";
import { withoutDelay } from "../../toolchain/delayFix.ts";

/** The two places of helper/retry/state.go that matter, as in terraform-plugin-sdk 2.33. */
const SOURCE = `
		select {
		case <-time.After(conf.Delay):
		case <-cancelCh:
		}
				if wait < conf.MinTimeout {
					wait = conf.MinTimeout
				} else if wait > 10*time.Second {
					wait = 10 * time.Second
				}
`;

describe("the delay fix", () => {
  it("looks at once and then after half a second", () => {
    const fixed = withoutDelay(SOURCE);
    expect(fixed).toContain("case <-time.After(0):");
    expect(fixed).toContain("wait = min(max(wait, 500*time.Millisecond), longest)");
    expect(fixed).not.toContain("conf.Delay");
  });
  it.each([
    ["a source without the place", SOURCE.replace("conf.Delay", "conf.Wait")],
    ["one that has it twice", SOURCE + SOURCE],
    ["one that is fixed already", withoutDelay(SOURCE)],
  ])("refuses %s", (_, source) => {
    expect(() => withoutDelay(source)).toThrow("the delay fix does not fit");
  });
});
