import { describe, expect, it } from "vitest";
import { agreedByName, namesAll } from "../../cli/command-line/agreedByName.ts";

describe("an agreement by name", () => {
  it.each([
    ["lee, park", true],
    ["  park   lee ", true],
    ["lee,park,lee", true],
    ["y", false],
    ["", false],
    ["lee", false],
    ["lee, park, kim", false],
    ["Lee, park", false],
  ])("%j", (text, agrees) => {
    expect(namesAll(text, ["lee", "park"])).toBe(agrees);
  });

  it("is given beforehand, or at a terminal", async () => {
    await agreedByName("?", ["lee"], true);
    await expect(agreedByName("?", ["lee"], undefined)).rejects.toThrow("nothing was done; agree with --yes");
  });
});
