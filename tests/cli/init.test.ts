import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { courseText } from "../../cli/commands/courseTemplate.ts";
import { init, initText } from "../../cli/commands/init.ts";
import { askForMissing } from "../../cli/commands/initQuestions.ts";
import { parseCourse } from "../../course/parseCourse.ts";
import { parseRoster } from "../../course/roster.ts";
import { readLab, readyLabs } from "../../labs/readLab.ts";

let dir: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "init-"));
  mkdirSync(join(dir, "home"));
  const clouds = join(dir, "home", "clouds.yaml");
  writeFileSync(clouds, "clouds: { campus: { auth: { auth_url: http://127.0.0.1 } } }\n");
  env = { OS_CLIENT_CONFIG_FILE: clouds };
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const folder = () => join(dir, "net101");
const read = (name: string) => readFileSync(join(folder(), name), "utf8");
const options = () => ({ course: folder(), courseId: "net101", lab: "packstack", cloud: "campus" });

/** What the commented lines of a course document would be. */
const uncommented = (text: string) => text.slice(text.indexOf("# changes:")).replaceAll(/^# /gm, "");

describe("init", () => {
  it.each([1, 5, 40])("writes a course and a roster of %i that are right", (sampleStudents) => {
    const result = init({ ...options(), sampleStudents }, env);
    expect(result).toEqual({
      ...{ file: join(folder(), "course.yaml"), folder: folder() },
      written: ["course.yaml", "roster.csv", ".gitignore"],
      kept: [],
      notes: [],
    });
    const course = parseCourse(read("course.yaml"));
    expect(course).toMatchObject({ ok: true, course: { course: "net101", lab: "packstack", cloud: "campus" } });
    const roster = parseRoster(readFileSync(join(folder(), "roster.csv")));
    expect(roster).toMatchObject({ ok: true, warnings: [] });
    expect(roster.ok ? roster.students.length : 0).toBe(sampleStudents);
    expect(read(".gitignore")).toMatch(/^\.classroom\/$/m);
  });

  it("knows how the local cloud is reached", () => {
    const { notes } = init({ ...options(), cloud: "local" }, env);
    expect(parse(read("course.yaml"))).toEqual({
      ...{ course: "net101", lab: "packstack", cloud: "local", roster: "roster.csv" },
      reachCommand: "ip netns exec classroom",
    });
    expect(notes).toEqual([expect.stringMatching(/no entry "local" yet.*there are campus.*`npm start`/)]);
  });

  it.each(readyLabs())("shows changes with which %s fits a cloud that has its networks", (lab) => {
    const text = courseText({ courseId: "net101", lab, labDocument: readLab(lab).lab, cloud: "campus" });
    const parsed = parseCourse(`course: net101\nlab: ${lab}\n${uncommented(text)}`);
    expect(parsed).toMatchObject({ ok: true });
    const changed = readLab(lab, "", parsed.ok ? parsed.course.changes : {}).lab.class.providerNetworks;
    expect(Object.values(changed)).not.toEqual([]);
    for (const network of Object.values(changed)) expect(network.existing).toBe("the cloud's network");
  });

  it("leaves the cloud out where the environment names it", () => {
    init({ ...options(), cloud: undefined }, { ...env, OS_CLOUD: "campus" });
    expect(parse(read("course.yaml"))).not.toHaveProperty("cloud");
  });

  it("names a lab document by its path from the course", () => {
    writeFileSync(join(dir, "own.yaml"), readFileSync("labs/devstack/lab.yaml"));
    init({ ...options(), lab: join(dir, "own.yaml") }, env);
    expect(parse(read("course.yaml"))).toMatchObject({ lab: "../own.yaml" });
  });

  it("names the schema for editors inside of the project, and nowhere else", () => {
    init(options(), env);
    expect(read("course.yaml")).not.toContain("$schema");
    const { lab: labDocument } = readLab("packstack");
    const schema = "../course/course.schema.json";
    expect(courseText({ courseId: "net101", lab: "packstack", labDocument, schema }).split("\n")[0]).toBe(
      "# yaml-language-server: $schema=../course/course.schema.json",
    );
  });

  it("says everything that is missing or wrong at once, and writes nothing", () => {
    expect(() => init({ course: folder() }, env)).toThrow(
      /--course-id is missing[\s\S]*--lab is missing: one of devstack, [\s\S]*--cloud is missing: .*there are campus/,
    );
    expect(() => init({ ...options(), courseId: "Net 101", cloud: "my cloud", sampleStudents: 0 }, env)).toThrow(
      /--course-id: "Net 101" cannot[\s\S]*--cloud: must[\s\S]*--sample-students: must/,
    );
    expect(() => init({ ...options(), lab: "packstak" }, env)).toThrow('did you mean "packstack"?');
    expect(readdirSync(dir)).toEqual(["home"]);
  });

  it("never writes over what is there", () => {
    init(options(), env);
    const before = read("course.yaml");
    expect(() => init({ ...options(), lab: "devstack" }, env)).toThrow("course.yaml is there already");
    expect(read("course.yaml")).toBe(before);

    rmSync(join(folder(), "course.yaml"));
    writeFileSync(join(folder(), "roster.csv"), "id\nchoi\n");
    writeFileSync(join(folder(), ".gitignore"), "node_modules\n");
    const result = init(options(), env);
    expect(result).toMatchObject({ written: ["course.yaml"], kept: ["roster.csv", ".gitignore"] });
    expect(result.notes).toEqual(["add the line .classroom/ to .gitignore: that folder will have secrets in it"]);
    expect([read("roster.csv"), read(".gitignore")]).toEqual(["id\nchoi\n", "node_modules\n"]);
    expect(initText(result)).toMatch(/^wrote .*course\.yaml\nkept .*roster\.csv, which was there\n/);
  });

  it("takes the document's own path, under any name", () => {
    const file = join(folder(), "autumn.yaml");
    const result = init({ ...options(), course: file }, env);
    expect(result).toMatchObject({ file, folder: folder(), written: ["autumn.yaml", "roster.csv", ".gitignore"] });
    expect(parseCourse(read("autumn.yaml"))).toMatchObject({ ok: true, course: { course: "net101" } });
    expect(() => init({ ...options(), course: file }, env)).toThrow("autumn.yaml is there already");
  });

  it("says why a folder cannot be written", () => {
    writeFileSync(folder(), "");
    expect(() => init(options(), env)).toThrow(/cannot be written into .*net101: (EEXIST|ENOTDIR)/);
  });

  it("quotes a folder for the shell", () => {
    const hers = join(process.cwd(), "kim's course");
    const text = (name: string) => initText({ file: join(hers, name), folder: hers, written: [], kept: [], notes: [] });
    expect(text("course.yaml")).toContain("  npx classroom check --course 'kim'\\''s course' ");
    expect(text("autumn.yaml")).toContain("  npx classroom check --course 'kim'\\''s course/autumn.yaml' ");
  });
});

/** Stays open after a question, as a terminal does. */
class Screen extends PassThrough {
  shown = "";
  constructor() {
    super();
    this.on("data", (chunk: Buffer) => (this.shown += chunk.toString()));
  }
  override end(): this {
    return this;
  }
}

describe("the questions", () => {
  it("are asked for what is missing, and wrong answers are asked again", async () => {
    const [input, output] = [new PassThrough(), new Screen()];
    const asked = askForMissing({ cloud: "campus" }, { input, output });
    /** Types when a text has come onto the screen. */
    const answer = async (text: string, keys: string) => {
      await vi.waitFor(() => {
        expect(output.shown).toContain(text);
      });
      output.shown = "";
      input.write(keys);
    };
    await answer("(net101)", "Net\n");
    await answer('"Net" cannot be part of a host name', "\u007f\u007f\u007fnet7\n");
    await answer(`packstack – ${readLab("packstack").lab.title}`, "\u001b[B\n");
    await answer("(5)", "12\n");
    expect(await asked).toEqual({ courseId: "net7", lab: readyLabs()[1], cloud: "campus", sampleStudents: 12 });
  });

  it("are not asked where everything is said", async () => {
    const output = new Screen();
    const said = { courseId: "net7", lab: "packstack", cloud: "campus", sampleStudents: 3 };
    expect(await askForMissing(said, { input: new PassThrough(), output })).toEqual(said);
    expect(output.shown).toBe("");
  });
});

// Starting the command takes seconds on a busy machine.
describe("classroom init", { timeout: 60_000 }, () => {
  const run = (...args: string[]) =>
    execa(process.execPath, ["cli/main.ts", "init", "--course", folder(), ...args], {
      env,
      // Nothing of the machine's own OS_* variables.
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });

  it("writes what its options say, and prints what to do next", async () => {
    const { exitCode, stdout } = await run("--course-id", "net101", "--lab", "devstack", "--cloud", "campus");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/classroom check .*\n.*classroom up/);
    expect(readdirSync(folder()).sort()).toEqual([".gitignore", "course.yaml", "roster.csv"]);
  });

  it("refuses where nobody can be asked, and prints JSON for programs", async () => {
    const refused = await run("--course-id", "net101", "--json");
    expect(refused.exitCode).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { exitCode: 2 } });
    expect(refused.stderr).toMatch(/--lab is missing[\s\S]*--cloud is missing/);
    const { stdout } = await run("--course-id", "net101", "--lab", "devstack", "--cloud", "campus", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      folder: folder(),
      written: ["course.yaml", "roster.csv", ".gitignore"],
    });
  });
});
