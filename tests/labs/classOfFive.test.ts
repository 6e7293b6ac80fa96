import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { htmlEscape } from "escape-goat";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { projectRoot } from "../../quickstart/commands.ts";
import { destroyResult, statusResult, upResult, type UpResult } from "../class/results.ts";
import { given, openstackList } from "../cloud/testStack.ts";
import { newTerminal } from "../support/newTerminal.ts";

const COURSE = "five";
const STUDENTS = 5;
const LISTINGS = [
  "server list --all-projects",
  "project list",
  "user list",
  "network list --long",
  "floating ip list --long",
];

/** A teacher's way through a term, as README tells it, with guests that install Apache at their first boot. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), `${COURSE}-`));
  const [, room] = given(
    /## Labs[^]*?```yaml\n([^]*?)```/.exec(readFileSync("README.md", "utf8")) ?? undefined,
    "the lab",
  );
  const lab: unknown = parse(given(room, "the lab"));
  writeFileSync(join(folder, "lab.yaml"), stringify({ lab: "readme", title: "The lab of README.md", ...Object(lab) }));
});
afterAll(async () => {
  await classroom("destroy", "--yes", "--purge");
  rmSync(folder, { recursive: true });
});

/** As `npx classroom` starts it. */
async function classroom(command: string, ...args: string[]) {
  const words = [join(projectRoot, "cli/classroom.mjs"), command, "--course", folder, ...args];
  const began = performance.now();
  // As in a new terminal: the course's state belongs into its own folder.
  const options = { env: newTerminal(), extendEnv: false, reject: false, stdin: "ignore" } as const;
  const { exitCode, stdout, stderr } = await execa(process.execPath, words, options);
  console.log(`classroom ${command} ${args.join(" ")}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return { exitCode, stdout, stderr };
}

/** @throws with all that was printed when it failed */
async function result<T>(schema: z.ZodType<T>, command: string, ...args: string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await classroom(command, "--json", ...args);
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode ?? "a signal"}:\n${stdout}\n${stderr}`);
  return schema.parse(JSON.parse(stdout));
}

const inside = (...command: string[]) => execa("ip", ["netns", "exec", "classroom", ...command], { reject: false });

describe("a class of five with pages and logins", { timeout: 60 * 60_000 }, () => {
  let students: NonNullable<UpResult["students"]> = [];
  const rows = () => readFileSync(join(folder, "roster.csv"), "utf8").trim().split("\n").slice(1);

  it("is written down by init, and fits", async () => {
    const flags = ["--course-id", COURSE, "--lab", join(folder, "lab.yaml"), "--cloud", "local"];
    await result(z.looseObject({}), "init", ...flags, "--sample-students", String(STUDENTS));
    expect(rows()).toHaveLength(STUDENTS);
    expect(await result(z.looseObject({ ok: z.boolean() }), "check")).toMatchObject({ ok: true });
  });

  it("is made by up, and is well", async () => {
    ({ students = [] } = await result(upResult, "up", "--yes"));
    expect(students.map(({ student, ok }) => ({ student, ok }))).toEqual(
      rows().map((row) => ({ student: row.split(",")[0], ok: true })),
    );
    expect(new Set(students.map(({ instances }) => instances["web1"]?.floatingIp)).size).toBe(STUDENTS);
    expect(await result(statusResult, "status")).toMatchObject({ ok: true });
  });

  it("shows each student's own page", async () => {
    for (const { name, instances } of students) {
      const { stdout } = await inside("curl", "--silent", "--fail", `http://${instances["web1"]?.floatingIp ?? ""}/`);
      expect(stdout).toContain(`<h1>${htmlEscape(name)}</h1>`);
    }
  });

  it("lets in who has the key, to the very instance", async () => {
    for (const { student } of students) {
      const { exitCode, stdout } = await classroom("ssh", student, "--", "hostname");
      expect({ exitCode, host: stdout.trim() }).toEqual({ exitCode: 0, host: "web1" });
    }
    await classroom("ssh-config");
    const { student } = given(students[0], "a student");
    const file = join(folder, ".classroom", "ssh_config");
    const { stdout } = await execa("ssh", ["-F", file, `${COURSE}-${student}`, "whoami"], { stdin: "ignore" });
    expect(stdout).toBe("debian");
  });

  it("is left as it is by a second up", async () => {
    const again = await result(upResult, "up", "--yes");
    expect(again.students?.map(({ ok, changed }) => ({ ok, changed }))).toEqual(
      students.map(() => ({ ok: true, changed: false })),
    );
  });

  it("is gone after destroy", async () => {
    const gone = await result(destroyResult, "destroy", "--yes");
    expect(gone).toMatchObject({ classStack: true, left: [], notSeen: [] });
    for (const listing of LISTINGS) {
      const objects = await openstackList(...listing.split(" "));
      const ours = objects.filter((object) =>
        new RegExp(`"${COURSE}-|course:${COURSE}\\b`).test(JSON.stringify(object)),
      );
      expect([listing, ...ours]).toEqual([listing]);
    }
  });
});
