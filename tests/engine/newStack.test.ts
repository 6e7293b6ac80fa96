import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeEmptyStack } from "../../engine/newStack.ts";

const SALT = "encryptionsalt: v1:AAAA=:v1:BBBB:CCCC\n";
const HEAD = {
  manifest: { time: "2026-01-01T00:00:00Z", magic: "m", version: "v3.0.0" },
  secrets_providers: { type: "passphrase", state: { salt: "v1:AAAA=:v1:BBBB:CCCC" } },
  metadata: {},
};

describe("a new stack after the pattern of another", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "new-stack-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const stateFile = (stack: string) => join(root, "state/.pulumi/stacks/classroom", `${stack}.json`);
  const settingsFile = (stack: string) => join(root, "settings", `Pulumi.${stack}.yaml`);
  const where = () => ({
    settingsFolder: join(root, "settings"),
    env: { PULUMI_BACKEND_URL: `file://${join(root, "state")}` },
  });
  const keep = (file: string, text: string) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const keepPattern = (text = pattern()) => {
    keep(settingsFile("net101"), SALT);
    keep(stateFile("net101"), text);
  };
  const pattern = () =>
    JSON.stringify({
      version: 3,
      checkpoint: {
        stack: "organization/classroom/net101",
        latest: { ...HEAD, resources: [{ urn: "u", type: "t" }], pending_operations: [] },
      },
    });

  it("has its salt and nothing of its resources", () => {
    keepPattern();
    expect(makeEmptyStack(where(), "net101.kim", ["net101._operation", "net101"])).toBe(true);
    expect(readFileSync(settingsFile("net101.kim"), "utf8")).toBe(SALT);
    expect(JSON.parse(readFileSync(stateFile("net101.kim"), "utf8"))).toEqual({
      version: 3,
      checkpoint: { stack: "organization/classroom/net101.kim", latest: HEAD },
    });
  });

  it("keeps the salt that it has", () => {
    keepPattern();
    keep(settingsFile("net101.kim"), "encryptionsalt: its own\n");
    makeEmptyStack(where(), "net101.kim", ["net101"]);
    expect(readFileSync(settingsFile("net101.kim"), "utf8")).toBe("encryptionsalt: its own\n");
  });

  it("never takes the place of a stack that is there", () => {
    keepPattern();
    keep(stateFile("net101.kim"), "somebody's");
    expect(makeEmptyStack(where(), "net101.kim", ["net101"])).toBe(false);
    expect(readFileSync(stateFile("net101.kim"), "utf8")).toBe("somebody's");
  });

  it("leaves nothing behind that cannot be written, so that Pulumi can tell why", async () => {
    keepPattern();
    keep(settingsFile("net101.kim"), SALT);
    const module = new URL("../../engine/newStack.ts", import.meta.url).href;
    const program = `
      import { makeEmptyStack } from ${JSON.stringify(module)};
      process.stdout.write(String(makeEmptyStack(${JSON.stringify(where())}, "net101.kim", ["net101"])));`;
    // No file may grow, as on a full disk.
    const noRoom = "trap '' XFSZ; ulimit -f 0; exec node --input-type=module -e \"$1\"";
    expect((await execa("sh", ["-c", noRoom, "sh", program])).stdout).toBe("false");
    expect(readdirSync(dirname(stateFile("net101")))).toEqual(["net101.json"]);
  });

  it.each([
    ["there is no other stack", () => undefined],
    [
      "the other's state is cut in two",
      () => {
        keepPattern(pattern().slice(0, 90));
      },
    ],
    [
      "the other's state is of another version",
      () => {
        keepPattern(pattern().replace('"version":3', '"version":4'));
      },
    ],
  ])("is left to Pulumi where %s", (_case, prepare) => {
    prepare();
    expect(makeEmptyStack(where(), "net101.kim", ["net101"])).toBe(false);
  });

  it("is left to Pulumi where the state is elsewhere, with the salt of the others", () => {
    keepPattern();
    const elsewhere = { ...where(), env: { PULUMI_BACKEND_URL: "s3://bucket" } };
    expect(makeEmptyStack(elsewhere, "net101.kim", ["net101"])).toBe(false);
    expect(readFileSync(settingsFile("net101.kim"), "utf8")).toBe(SALT);
  });
});
