import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { copyWhole, ensureSecretFile, makeWhole, writeWhole } from "../../engine/wholeFiles.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "whole-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("a secret is made once, readable for nobody else, with its folder", () => {
  const file = join(folder, "hidden/seed");
  ensureSecretFile(file);
  const secret = readFileSync(file, "utf8");
  ensureSecretFile(file);
  expect(readFileSync(file, "utf8")).toBe(secret);
  expect(Buffer.from(secret, "base64url")).toHaveLength(32);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("commands that begin at once all go on with the same secret", async () => {
  const file = join(folder, "seed");
  const module = new URL("../../engine/wholeFiles.ts", import.meta.url).href;
  // All of them look at the same moment, so that more than one finds nothing.
  const program = `
    import { readFileSync } from "node:fs";
    import { copyWhole, ensureSecretFile, makeWhole, writeWhole } from ${JSON.stringify(module)};
    while (Date.now() < Number(process.argv[1]));
    ensureSecretFile(${JSON.stringify(file)});
    process.stdout.write(readFileSync(${JSON.stringify(file)}, "utf8"));`;
  const moment = String(Date.now() + 1500);
  const commands = Array.from({ length: 6 }, () => execa("node", ["--input-type=module", "-e", program, moment]));
  const secrets = (await Promise.all(commands)).map(({ stdout }) => stdout);
  expect(new Set(secrets)).toEqual(new Set([readFileSync(file, "utf8")]));
  expect(secrets[0]).toHaveLength(43);
  expect(readdirSync(folder)).toEqual(["seed"]);
});

test("what is there is not replaced", () => {
  const file = join(folder, "state.json");
  expect(makeWhole(file, "first")).toBe(true);
  expect(makeWhole(file, "second")).toBe(false);
  expect(readFileSync(file, "utf8")).toBe("first");
  expect(readdirSync(folder)).toEqual(["state.json"]);
});

test("nothing is left of a draft that could not take the file's place", () => {
  const place = join(folder, "place");
  mkdirSync(join(place, "taken"), { recursive: true });
  expect(() => {
    writeWhole(place, "text");
  }).toThrow(/EISDIR|ENOTEMPTY/);
  expect(() => {
    copyWhole(join(folder, "none"), join(folder, "copy"));
  }).toThrow("ENOENT");
  expect(readdirSync(folder)).toEqual(["place"]);
});
