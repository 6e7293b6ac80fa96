import { globSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cloudSettings } from "../../openstack/cloudSettings.ts";
import { ClassFixture } from "./classFixture.ts";
import { CLOUD } from "./classFolder.ts";
import { credentialsOf } from "./tenant.ts";

/** How often the command lines of all processes are read. */
const SAMPLE_MS = 50;

describe("what nobody but its owner may know", () => {
  let fixture: ClassFixture;
  /** What it is, by its text. */
  const secrets = new Map<string, string>();
  /** Every command line that there was. */
  const commandLines = new Set<string>();

  beforeAll(async () => {
    fixture = await ClassFixture.open("ctsecret");
    fixture.writeRoster("kim,Kim", "lee,Lee");
    const sampling = { goesOn: true };
    const sampler = sample(sampling, commandLines);
    // The longest of logs, and a failure, whose message must not tell more than it should.
    fixture.variables = { TF_LOG: "DEBUG", OS_DEBUG: "1" };
    await fixture.up();
    await fixture.up();
    await fixture.run("up", "--yes");
    await fixture.run("preview");
    await fixture.run("status", "--no-probe");
    await fixture.run("status", "--no-probe", "--json");
    await fixture.run("doctor");
    await fixture.run("ssh-config");
    await fixture.run("up", "--yes", "--students", "nobody");
    await fixture.run("preview", "--save-plan", fixture.hidden("plan"));
    await fixture.run("reset", "kim", "--yes");
    await fixture.run("suspend", "--students", "lee");
    await fixture.run("resume", "--students", "lee");
    await fixture.run("console", "kim");
    await fixture.run("env");
    await fixture.run("destroy", "--dry-run");
    sampling.goesOn = false;
    await sampler;

    const { credentials } = cloudSettings(CLOUD);
    if (credentials.method === "password") secrets.set(credentials.password, "the teacher's password");
    for (const name of ["passphrase", "password-seed"])
      secrets.set(readFileSync(fixture.hidden(name), "utf8").trim(), name);
    for (const student of ["kim", "lee"]) {
      secrets.set((await credentialsOf(fixture, student)).password, `the password of ${student}`);
      const lines = readFileSync(fixture.hidden("keys", student), "utf8").trim().split("\n").slice(1, -1);
      // The first lines of all keys of a kind are alike.
      for (const line of lines.slice(2)) secrets.set(line, `the private key of ${student}`);
    }
    const { password } = await credentialsOf(fixture, "kim");
    secrets.set(Buffer.from(password).toString("base64"), "the password of kim in Base64");
  });
  afterAll(() => fixture.close());

  /** The secrets in a text, by what they are. */
  const found = (text: string) =>
    Array.from(secrets).flatMap(([secret, what]) => (text.includes(secret) ? [what] : []));

  it("is found where it belongs, so that the search is worth something", () => {
    expect(secrets.size).toBeGreaterThanOrEqual(8);
    for (const secret of secrets.keys()) expect(secret.length).toBeGreaterThan(10);
    expect(found(readFileSync(fixture.hidden("password-seed"), "utf8"))).toEqual(["password-seed"]);
    expect(found(readFileSync(fixture.hidden("keys", "kim"), "utf8"))).toContain("the private key of kim");
  });

  it("is in no other file: not in the state, its copies, history and backups, not in settings and logs", () => {
    const own = ["passphrase", "password-seed", "keys/kim", "keys/lee"];
    const files = filesBelow(fixture.folder).map((file) => relative(fixture.hidden(), file));
    expect(files).toEqual(expect.arrayContaining(own));
    expect(files.filter((file) => file.includes(".bak")).length).toBeGreaterThan(0);
    expect(files.filter((file) => file.includes("/history/")).length).toBeGreaterThan(0);
    expect(files.filter((file) => file.includes("/backups/")).length).toBeGreaterThan(0);
    const leaks = files
      .filter((file) => !own.includes(file))
      .flatMap((file) => found(readFileSync(fixture.hidden(file), "utf8")).map((what) => `${what} in ${file}`));
    expect(leaks).toEqual([]);
  });

  it("is printed by no command", () => {
    expect(fixture.printed.join("").length).toBeGreaterThan(1000);
    expect(fixture.printed.flatMap(found)).toEqual([]);
  });

  it("is in no process's command line", () => {
    const ours = [...commandLines].filter((line) => line.includes("ctsecret"));
    expect(ours.some((line) => /pulumi (up|preview)/.test(line))).toBe(true);
    expect([...commandLines].flatMap(found)).toEqual([]);
  });

  it("lies where nobody else on the machine can read it", () => {
    const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);
    // Whatever is below is shut off with it.
    expect(modeOf(fixture.hidden())).toBe("700");
    for (const folder of ["keys", "plan", "settings", "state"])
      expect([folder, modeOf(fixture.hidden(folder))]).toEqual([folder, "700"]);
    for (const file of ["passphrase", "password-seed", "keys/kim", "keys/lee"])
      expect([file, modeOf(fixture.hidden(file))]).toEqual([file, "600"]);
  });

  it("leaves no trace in the folder for temporary files", () => {
    const left = globSync(["/tmp/adopt-*", "/tmp/pulumi-*", "/tmp/automation-*"]).filter((path) =>
      statSync(path).isDirectory(),
    );
    const leaks = left.flatMap(filesBelow).filter((file) => found(readFileSync(file, "utf8")).length > 0);
    expect(leaks).toEqual([]);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What `ps` shows of every process to everybody on the machine. */
async function sample(going: { goesOn: boolean }, lines: Set<string>): Promise<void> {
  while (going.goesOn) {
    for (const file of globSync("/proc/[0-9]*/cmdline"))
      try {
        lines.add(readFileSync(file, "utf8").replaceAll("\0", " "));
      } catch {
        // It has ended.
      }
    await sleep(SAMPLE_MS);
  }
}
