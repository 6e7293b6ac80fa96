import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureStudentKeys } from "../../cli/open-class/studentKeys.ts";
import { loadCourse } from "../../stacks/courseFolder.ts";
import { ClassFolder } from "./classFolder.ts";

let folder: ClassFolder;
let keys: string;
beforeEach(() => {
  folder = new ClassFolder();
  keys = join(folder.hidden, "keys");
});
afterEach(() => {
  rmSync(folder.path, { recursive: true });
});

const ensure = () => {
  const loaded = loadCourse(folder.path);
  return ensureStudentKeys(loaded, loaded.students);
};
const read = (name: string) => readFileSync(join(keys, name), "utf8");

describe("the key pair of a student without one in the roster", () => {
  it("is made once, readable for its owner only, and nothing else is left", async () => {
    expect(await ensure()).toEqual(["kim"]);
    expect(readdirSync(keys).sort()).toEqual(["kim", "kim.pub"]);
    expect(statSync(join(keys, "kim")).mode & 0o777).toBe(0o600);
    expect(read("kim.pub")).toMatch(/^ssh-ed25519 \S{68} net101-kim\n$/);
    const pair = [read("kim"), read("kim.pub")];
    expect(await ensure()).toEqual([]);
    expect([read("kim"), read("kim.pub")]).toEqual(pair);
  });

  it.each([
    [
      "missing",
      (file: string) => {
        rmSync(file);
      },
    ],
    [
      "empty",
      (file: string) => {
        truncateSync(file);
      },
    ],
  ])("gets its public key again, to the letter, where that is %s", async (_how, damage) => {
    await ensure();
    const pair = [read("kim"), read("kim.pub")];
    damage(join(keys, "kim.pub"));
    expect(await ensure()).toEqual(["kim"]);
    expect([read("kim"), read("kim.pub")]).toEqual(pair);
  });

  it("is the same for commands that begin at once", async () => {
    const module = new URL("../../cli/open-class/studentKeys.ts", import.meta.url).href;
    const program = `
      import { ensureStudentKeys } from ${JSON.stringify(module)};
      while (Date.now() < Number(process.argv[1]));
      const course = { hidden: ${JSON.stringify(folder.hidden)}, course: { course: "net101" } };
      await ensureStudentKeys(course, [{ id: "kim", name: "KIM", line: 2, seat: 0 }]);`;
    const moment = String(Date.now() + 1500);
    await Promise.all(Array.from({ length: 4 }, () => execa("node", ["--input-type=module", "-e", program, moment])));
    expect(readdirSync(keys).sort()).toEqual(["kim", "kim.pub"]);
    const made = read("kim.pub");
    rmSync(join(keys, "kim.pub"));
    await ensure();
    expect(read("kim.pub")).toBe(made);
  });

  it("is not guessed when the private key is damaged", async () => {
    mkdirSync(keys, { recursive: true });
    writeFileSync(join(keys, "kim"), "-----BEGIN OPENSSH", { mode: 0o600 });
    await expect(ensure()).rejects.toThrow(/the private key .*keys\/kim has no \.pub, .*classroom up --students kim/);
    expect(readdirSync(keys)).toEqual(["kim"]);
  });
});
