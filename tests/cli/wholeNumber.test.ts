import { describe, expect, it } from "vitest";
import { wholeNumber } from "../../cli/command-line/wholeNumber.ts";

describe("an option that is a whole number", () => {
  it.each([
    ["1", 1],
    ["007", 7],
    ["999", 999],
  ])("takes %s", (text, number) => {
    expect(wholeNumber(1, 999)(text)).toBe(number);
  });

  it.each(["", "0", "1000", "-1", "+1", "1.5", "1e2", " 1", "0x10", "three"])("refuses %j", (text) => {
    expect(() => wholeNumber(1, 999)(text)).toThrow("It must be a whole number from 1 to 999.");
  });
});
