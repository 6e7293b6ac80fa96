import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exportLine, shellQuoted } from "../../terminal/shellQuoted.ts";

const word = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));

describe("shellQuoted", () => {
  it.each([
    ["net101.kim", "net101.kim"],
    ["file:///a/b-c_d@e%25,x", "file:///a/b-c_d@e%25,x"],
    ["", "''"],
    ["two words", "'two words'"],
    ["it's", "'it'\\''s'"],
    ["$(id) `id` \\", "'$(id) `id` \\'"],
    ["~", "'~'"],
  ])("writes %j as %s", (text, quoted) => {
    expect(shellQuoted(text)).toBe(quoted);
  });

  it("is one word of a shell, whatever is in it", () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 50 }), (words) => {
        const script = `printf '%s\\0' ${words.map(shellQuoted).join(" ")}`;
        expect(execFileSync("sh", ["-c", script]).toString().split("\0").slice(0, -1)).toEqual(words);
      }),
      { numRuns: 20 },
    );
  });
});

describe("exportLine", () => {
  it("sets the variable for whoever evaluates it", () => {
    const value = `/a b/it's "$HOME"`;
    const script = `eval "$LINE"; exec printenv PLACE`;
    const env = { PATH: process.env["PATH"], LINE: exportLine("PLACE", value) };
    expect(execFileSync("sh", ["-c", script], { env }).toString()).toBe(`${value}\n`);
  });
});
