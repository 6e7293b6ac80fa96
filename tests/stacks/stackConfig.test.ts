import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { parseStackConfig, STACK_CONFIG_KEYS } from "../../stacks/stackConfig.ts";

const example = {
  lab: "packstack",
  course: "dev",
  student: { id: "kim", name: "Kim Minji" },
  sshKeyFile: "~/.ssh/id",
};

describe("the stack's configuration", () => {
  it("has defaults for what is left out", () => {
    expect(parseStackConfig(example)).toEqual({
      ...example,
      step: "",
      changes: {},
      waitUntilReady: true,
      readinessTimeoutSeconds: 600,
      reachCommand: "",
    });
  });

  /** Declared with an empty default, because stacks of a course do without them. */
  const REQUIRED = ["lab", "course", "student", "sshKeyFile"];

  it("asks for what has no default, all at once", () => {
    const empty = { ...Object.fromEntries(STACK_CONFIG_KEYS.map((key) => [key, undefined])), lab: "", course: "" };
    expect(() => parseStackConfig({ ...empty, student: {}, sshKeyFile: "" })).toThrow(
      /lab: "" is empty[^]*course: "" is empty[^]*student\.id: is missing[^]*sshKeyFile: "" is empty/,
    );
  });

  it("is declared and described in Pulumi.yaml, key for key, with the same defaults", () => {
    const declared = z
      .object({
        config: z.record(
          z.string(),
          z.object({ type: z.string(), description: z.string().min(20), default: z.unknown().optional() }),
        ),
      })
      .parse(parse(readFileSync("Pulumi.yaml", "utf8"))).config;
    // What is declared must be set or have a default, and a seed has neither.
    expect([...Object.keys(declared), "passwordSeed"].sort()).toEqual([...STACK_CONFIG_KEYS].sort());
    const parsed: Record<string, unknown> = parseStackConfig(example);
    for (const [key, { default: fallback }] of Object.entries(declared))
      if (fallback !== undefined && !REQUIRED.includes(key)) expect([key, fallback]).toEqual([key, parsed[key]]);
  });

  it("accepts Pulumi.dev.yaml, the worked example", () => {
    const { config } = z
      .object({ config: z.record(z.string(), z.unknown()) })
      .parse(parse(readFileSync("Pulumi.dev.yaml", "utf8")));
    const own = Object.entries(config).filter(([key]) => key.startsWith("classroom:"));
    const values = Object.fromEntries(own.map(([key, value]) => [key.replace("classroom:", ""), value]));
    expect(parseStackConfig(values)).toMatchObject({ course: "dev", lab: "packstack" });
  });

  it("has every key in Pulumi.dev.yaml, with the default where it is commented out", () => {
    const text = readFileSync("Pulumi.dev.yaml", "utf8");
    const left = [...text.matchAll(/^ {2}# classroom:(\w+): (.*)$/gm)].map(
      ([, key, value = ""]): [unknown, unknown] => [key, parse(value)],
    );
    const defaults: Record<string, unknown> = parseStackConfig(example);
    expect(left).toEqual(["changes", "waitUntilReady", "readinessTimeoutSeconds"].map((key) => [key, defaults[key]]));
    for (const key of STACK_CONFIG_KEYS) expect(text).toMatch(new RegExp(`(classroom:|--secret )${key}\\b`));
  });

  it("names every problem at once, with a suggestion", () => {
    const wrong = { ...example, course: "Dev", passwordSeed: "short", readinessTimeoutSeconds: 0 };
    expect(() => parseStackConfig(wrong)).toThrow(
      [
        "The stack's configuration:",
        "  readinessTimeoutSeconds: must be at least 1, not 0",
        '  course: "Dev" cannot be part of a host name; use lower-case letters, digits and dashes, with a letter first and no dash at the end',
        '  passwordSeed: has fewer than 32 characters; make one with: pulumi config set --secret passwordSeed "$(openssl rand -hex 32)"',
      ].join("\n"),
    );
  });

  it.each([
    [{ labb: "x" }, 'labb: is not a key here; did you mean "lab"?'],
    [{ course: undefined }, "course: is missing"],
    [{ student: { id: "kim", nmae: "x" } }, 'student.nmae: is not a key here; did you mean "name"?'],
    [{ readinessTimeoutSeconds: 0 }, "readinessTimeoutSeconds: "],
    [{ readinessTimeoutSeconds: 1.5 }, "readinessTimeoutSeconds: "],
    [{ student: { id: "Kim!" } }, 'student.id: "Kim!" cannot be part of a host name'],
  ])("refuses %j", (wrong, reason) => {
    expect(() => parseStackConfig({ ...example, ...wrong })).toThrow(reason);
  });
});
