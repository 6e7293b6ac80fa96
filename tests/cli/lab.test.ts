import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { checkLab } from "../../cli/lab-document/labCheck.ts";
import { labCheckText } from "../../cli/lab-document/labCheckText.ts";
import { operatorFiles, operatorFilesText, writeOperatorFiles } from "../../cli/lab-document/operatorFiles.ts";
import { labPlanText, planLab } from "../../cli/lab-document/labPlan.ts";
import { labSteps, labStepsText } from "../../cli/lab-document/labSteps.ts";
import { labJsonSchema } from "../../lab/labSchema.ts";
import { UserError } from "../../terminal/userError.ts";
import { LAB } from "../lab/aLab.ts";

const folder = mkdtempSync(join(tmpdir(), "classroom-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const demo = file("demo.yaml", LAB);
const wrong = file("wrong.yaml", LAB.replace("web: apache", "web: apach").replace("lab: demo", "lab: Demo"));
const wrongStep = file("wrong-step.yaml", LAB.replace("web2: { image", "web2: { imag"));

describe("classroom lab check", () => {
  it("says what a lab has and needs", () => {
    const { check, lab } = checkLab(demo, {});
    expect(labCheckText(check, lab, "")).toBe(`${demo} is right

demo: A lab for tests
  class    provider network public, flavors small tiny, image debian
  student  a project of their own, networks private other, routers router1 router2, security group web, instance web1
  takes    1 instance, 1 virtual CPU, 512 MiB of memory, 1 floating IP for each student
  needs    nothing beyond the core of OpenStack
  steps    more → less`);
  });

  it("says every problem with its place", () => {
    const { check, lab } = checkLab(wrong, {});
    expect(labCheckText(check, lab, "")).toBe(`\
${wrong}:1:1 lab: "Demo" cannot be part of a host name; use lower-case letters, digits and dashes, with a letter first and no dash at the end
${wrong}:34:7 student.instances.web1.web: "apach" is none of apache, docker; did you mean "apache"?
2 problems, nothing was touched`);
    expect(check).toMatchObject({ ok: false, problems: [{ line: 1, column: 1, path: "lab" }, { line: 34 }] });
  });

  it("goes through all steps when asked, and says a problem at the first of them", () => {
    expect(checkLab(wrongStep, {}).check.ok).toBe(true);
    const { check } = checkLab(wrongStep, { allSteps: true });
    expect(check.problems.map(({ step, line, path }) => [step, line, path])).toEqual([
      ["more", 40, "student.instances.web2.imag"],
    ]);
    const services = checkLab("horizon-12-steps", { allSteps: true }).check.lab?.services;
    expect(services?.map(({ service }) => service)).toEqual(["cinder", "swift"]);
  });

  it("says a warning without refusing", () => {
    const { check, lab } = checkLab(file("warned.yaml", LAB.replace("      dns: [8.8.8.8]\n", "")), {});
    expect(check.ok).toBe(true);
    expect(labCheckText(check, lab, "")).toMatch(
      /^.*warned\.yaml:18:5 student\.networks\.private: names no name server, .* \(warning\)\n.* is right, with 1 warning\n/,
    );
  });
});

describe("classroom lab plan", () => {
  it("says who gets what, and what that takes", () => {
    const text = LAB.replace("cidr: 192.168.101.0/24", "cidr: { of: 10.20.0.0/16, each: 24 }");
    const own = file("own.yaml", text);
    const plan = planLab(own, { students: ["kim", "lee"], course: "net101" });
    expect(labPlanText(plan)).toBe(`${own} for 2 students, as course net101

student   seat   project      users        key pair
kim          0   net101-kim   net101-kim   net101-kim-key
lee          1   net101-lee   net101-lee   net101-lee-key

student   network   addresses          gateway     given out
kim       private   192.168.100.0/24   the first   all others
kim       other     10.20.0.0/24       the first   all others
lee       private   192.168.100.0/24   the first   all others
lee       other     10.20.1.0/24       the first   all others

student   instance   on        fixed IP             floating IP from
kim       web1       private   the cloud's choice   public
lee       web1       private   the cloud's choice   public

takes                  each    all
instances                 1      2
virtual CPUs              1      2
memory in MiB           512   1024
key pairs                 1      2
networks                  2      4
subnets                   2      4
routers                   2      4
ports                     5     10
floating IPs              1      2
security groups           2      4
security group rules      9     18`);
    expect(planLab(own, { students: ["kim"], step: "less" }).students[0]?.instances.map(({ name }) => name)).toEqual([
      "web2",
    ]);
  });

  it("refuses ids that cannot be, all at once", () => {
    expect(() => planLab(demo, { students: ["kim", "Lee", "kim"], course: "Net 101" })).toThrow(
      new UserError(`the plan cannot be made:
  - --course: "Net 101" cannot be part of a host name; use lower-case letters, digits and dashes, with a letter first and no dash at the end
  - --students: "Lee" cannot be part of a host name; use lower-case letters, digits and dashes, with a letter first and no dash at the end
  - --students: "kim" is there twice`),
    );
  });

  it("refuses more students than there are networks for", () => {
    const small = file("small.yaml", LAB.replace("cidr: 192.168.101.0/24", "cidr: { of: 10.20.0.0/23, each: 24 }"));
    expect(() => planLab(small, { students: ["a", "b", "c"] })).toThrow(/none is left for c; use a larger network/);
  });
});

describe("classroom lab steps", () => {
  it("says what each step shows and how to go to it", () => {
    expect(labStepsText(labSteps(demo))).toBe(`\
    step          go to it with
0   (beginning)   pulumi config rm step && pulumi up
1   more          pulumi config set step more && pulumi up
2   less          pulumi config set step less && pulumi up

0. The lab as it begins.
1. A second server.
2. The first one goes.`);
  });
});

describe("classroom lab files", () => {
  const files = { "ifcfg-br-ex": "TYPE=OVSBridge\n", "check.txt": "ovs-vsctl show\n" };

  it("are those of the lab's Packstack host", () => {
    expect(Object.keys(operatorFiles("packstack", 1))).toContain("ifcfg-br-ex");
    expect(operatorFiles("packstack", 40)["vnc-ports.txt"]?.trimEnd().split("\n")).toHaveLength(40);
    expect(() => operatorFiles("devstack", 1)).toThrow(
      new UserError("labs/devstack/lab.yaml describes no Packstack host: say `class.packstackHost` first"),
    );
  });

  it("are printed each under its name", () => {
    expect(operatorFilesText(files)).toBe("==> ifcfg-br-ex <==\nTYPE=OVSBridge\n\n==> check.txt <==\novs-vsctl show\n");
  });

  it("are written into a folder, and never over somebody's work", () => {
    const out = join(folder, "host/files");
    expect(writeOperatorFiles(out, files)).toEqual([join(out, "ifcfg-br-ex"), join(out, "check.txt")]);
    expect(readFileSync(join(out, "check.txt"), "utf8")).toBe("ovs-vsctl show\n");
    writeOperatorFiles(out, files);
    writeFileSync(join(out, "check.txt"), "mine\n");
    expect(() => writeOperatorFiles(out, { ...files, "new.txt": "x\n" })).toThrow(/check\.txt: there already/);
    expect(readdirSync(out).sort()).toEqual(["check.txt", "ifcfg-br-ex"]);
    expect(() => writeOperatorFiles(join(demo, "below"), files)).toThrow(
      /the files cannot be written into .*: ENOTDIR/,
    );
  });
});

describe("the command itself", () => {
  const classroom = (...args: string[]) => execa("node", ["cli/main.ts", ...args], { reject: false });

  it("ends with 0 when the lab is right, and prints one document for programs", async () => {
    const { exitCode, stdout } = await classroom("lab", "check", "packstack", "--all-steps", "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      file: "labs/packstack/lab.yaml",
      ok: true,
      problems: [],
      lab: { id: "packstack", demand: { instances: 2 } },
    });
  });

  it("ends with 2 when it is not, or when it was called wrongly", async () => {
    const problems = await classroom("lab", "check", wrong);
    expect(problems).toMatchObject({ exitCode: 2, stderr: "" });
    expect(problems.stdout).toContain(`${wrong}:34:7 student.instances.web1.web: `);
    const missing = await classroom("lab", "check", "packstak");
    expect(missing).toMatchObject({ exitCode: 2, stdout: "" });
    expect(missing.stderr).toMatch(/^error: there is no ready lab "packstak"; did you mean "packstack"\?/);
    expect(await classroom("lab", "chek", "packstack")).toMatchObject({ exitCode: 2 });
  });

  it("prints the JSON Schema", async () => {
    const { stdout } = await classroom("lab", "schema");
    expect(JSON.parse(stdout)).toEqual(labJsonSchema());
  });
});
