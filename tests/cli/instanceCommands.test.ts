import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { consoleText, studentConsole } from "../../cli/commands/console.ts";
import { powerClass, powerText } from "../../cli/instances/powerInstances.ts";
import { rebootStudent, rebootText } from "../../cli/commands/reboot.ts";
import { prepareSsh, sshCommandText } from "../../cli/commands/ssh.ts";
import { sshConfigResultText, writeSshConfig } from "../../cli/commands/sshConfig.ts";
import { WHAT_IT_FREES } from "../../openstack/power.ts";
import { fakeOpenStack, type FakeOpenStack } from "../support/fakeOpenStack.ts";
import { teacherSession } from "../support/teacherSession.ts";
import { FakeServers, instancesFolder } from "./instancesFolder.ts";

const KEY = `ssh-ed25519 ${"A".repeat(68)}`;
const OTHER_KEY = `ssh-ed25519 ${"B".repeat(68)}`;
const log = (key: string) =>
  `boot\r\n-----BEGIN SSH HOST KEY KEYS-----\r\n${key} root@web1\r\n-----END SSH HOST KEY KEYS-----\r\n`;

let cloud: FakeOpenStack;
let course: string;
let servers: FakeServers;
const known = () => readFileSync(join(course, ".classroom", "known_hosts"), "utf8");

beforeEach(async () => {
  // Nothing of the course in whose shell the tests run.
  for (const name of ["PULUMI_BACKEND_URL", "CLASSROOM_COURSE"]) vi.stubEnv(name, undefined);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  course = instancesFolder();
  servers = new FakeServers("kim-web1", "kim-db", "lee-web1");
  cloud = await fakeOpenStack({ answers: servers.answers });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(course, { recursive: true });
  await cloud.close();
});

describe("which instance", () => {
  const of = async (student: string, instance?: string) =>
    studentConsole({ course, student, instance, session: await teacherSession(cloud) });

  it("is the only one", async () => {
    servers.logs["lee-web1"] = "hello\n";
    expect(await of("lee")).toEqual({ student: "lee", instance: "web1", instanceId: "lee-web1", log: "hello\n" });
  });

  it.each([
    ["kmi", undefined, 'there is no student "kmi" in the roster; did you mean "kim"?'],
    ["park", undefined, "park is not up yet: there is no stack; make it with: classroom up --students park"],
    ["kim", undefined, "kim has several instances; say which: --instance db, --instance web1"],
    ["kim", "web", '--instance: kim has no instance "web"; did you mean "web1"? (there is db, web1)'],
  ])("of %s, %s: refused", async (student, instance, message) => {
    await expect(of(student, instance)).rejects.toMatchObject({ message, exitCode: 2 });
  });
});

describe("console", () => {
  it("prints the address of the screen, at the host where a browser reaches it", async () => {
    const session = await teacherSession(cloud);
    const asked = { course, student: "lee", url: true, session };
    expect((await studentConsole(asked)).url).toBe("http://cloud.example.org:6080/lee-web1?token=1");
    expect((await studentConsole({ ...asked, host: "127.0.0.1:7000" })).url).toBe(
      "http://127.0.0.1:7000/lee-web1?token=1",
    );
  });

  it("does not let a student steer the teacher's terminal", () => {
    const whose = { student: "lee", instance: "web1", instanceId: "x" };
    const nasty = "a\u001b]0;title\u0007b\u001b[2Jc\r\n\u009b31md\te\u0008";
    expect(consoleText({ ...whose, log: nasty }, true)).toBe("abc\nd\te");
    expect(consoleText({ ...whose, log: nasty }, false)).toBe(nasty);
  });
});

describe("reboot", () => {
  it.each([
    [true, "HARD"],
    [undefined, "SOFT"],
  ])("hard: %s", async (hard, type) => {
    const session = await teacherSession(cloud);
    await rebootStudent({ course, student: "kim", instance: "db", hard, session });
    expect(servers.actions).toEqual([`kim-db reboot {"reboot":{"type":"${type}"}}`]);
  });
});

describe("a dry run", () => {
  it("says what would become of each instance, and does nothing", async () => {
    servers.status["kim-db"] = "SHUTOFF";
    servers.status["lee-web1"] = "ERROR";
    const result = await powerClass("stop", { course, session: await teacherSession(cloud), dryRun: true });
    const lines = powerText(result).split("\n");
    expect(lines.find((line) => line.includes("kim       web1"))).toMatch(/ACTIVE +would be stopped$/);
    expect(lines.find((line) => line.includes("kim       db"))).toMatch(/SHUTOFF +stays as it is$/);
    expect(lines.find((line) => line.includes("lee"))).toContain("is ERROR; Nova cannot stop it from there");
    expect(lines.slice(-2)).toEqual(["Not up yet: park.", "Nothing was changed."]);
    const dry = await rebootStudent({ course, student: "lee", dryRun: true });
    expect(rebootText(dry)).toBe("web1 of lee would be rebooted (soft); nothing was done");
    expect(servers.actions).toEqual([]);
  });
});

describe("suspend and resume", () => {
  const power = { pauseSeconds: 0.01 };

  it("stops everybody's, says what that frees, and starts them again", async () => {
    const session = await teacherSession(cloud);
    const stopped = await powerClass("stop", { course, session, power, parallel: 2 });
    expect(servers.status).toEqual({ "kim-web1": "SHUTOFF", "kim-db": "SHUTOFF", "lee-web1": "SHUTOFF" });
    expect(stopped).toMatchObject({ how: "stop", frees: WHAT_IT_FREES.stop, notUp: ["park"] });
    expect(powerText(stopped)).toContain("3 instances stopped.");
    const again = await powerClass("resume", { course, session, power });
    expect(again.instances.map(({ ok, status, changed }) => [ok, status, changed])).toEqual(
      Array.from({ length: 3 }, () => [true, "ACTIVE", true]),
    );
    expect(again).not.toHaveProperty("frees");
  });

  it("shelves only those that are named", async () => {
    const session = await teacherSession(cloud);
    const { notUp } = await powerClass("shelve", { course, session, power, students: "kim" });
    expect(servers.actions.sort()).toEqual(["kim-db shelve", "kim-web1 shelve"]);
    expect(notUp).toEqual([]);
  });

  it("goes on when one fails, and says why", async () => {
    servers.status["kim-db"] = "ERROR";
    const result = await powerClass("stop", { course, session: await teacherSession(cloud), power });
    expect(result.instances.filter(({ ok }) => ok).map(({ instanceId }) => instanceId)).toEqual([
      "kim-web1",
      "lee-web1",
    ]);
    expect(powerText(result)).toMatch(/kim +db +kim-db \(kim-db\) is in error/);
    expect(powerText(result)).toContain("2 instances stopped, 1 failed; run the same command again");
  });

  it("begins nothing new after Ctrl-C", async () => {
    servers.meanwhile = () => process.emit("SIGINT");
    const session = await teacherSession(cloud);
    const { instances } = await powerClass("stop", { course, session, power, parallel: 1 });
    expect(instances.map(({ ok }) => ok)).toEqual([true, false, false]);
    expect(instances[1]?.error).toBe("interrupted before it was begun");
    expect(process.exitCode).toBe(130);
    process.exitCode = undefined;
  });
});

describe("ssh", () => {
  const to = async (student: string, command?: string[], instance?: string) =>
    prepareSsh({
      course,
      student,
      instance,
      session: await teacherSession(cloud),
      ...(command === undefined ? {} : { command }),
    });

  it("goes to the instance that can be reached, whose key the console log showed", async () => {
    servers.logs["kim-web1"] = log(KEY);
    const login = await to("kim", ["uptime", "-p"]);
    expect(login).toMatchObject({ instance: "web1", address: "172.24.4.11", user: "debian", keyIsHere: true });
    expect(login.arguments.slice(-4)).toEqual(["172.24.4.11", "--", "uptime", "-p"]);
    expect(login.arguments).toContain(`IdentityFile="${course}/.classroom/keys/kim"`);
    expect(known()).toBe(`net101.kim.web1 ${KEY} kim-web1\n`);
    expect(statSync(join(course, ".classroom", "known_hosts")).mode & 0o777).toBe(0o600);
    expect(sshCommandText(login)).toMatch(/^ssh -o User=debian .* 172\.24\.4\.11 -- uptime -p$/);
  });

  it("names no key where the student's own is in the roster", async () => {
    servers.logs["lee-web1"] = log(KEY);
    const login = await to("lee");
    expect(login.keyIsHere).toBe(false);
    expect(login.arguments.join(" ")).not.toContain("Identit");
  });

  it("refuses when no console log vouches for a host key", async () => {
    servers.logs["kim-web1"] = "booting\n";
    await expect(to("kim")).rejects.toThrow(
      "it cannot be known whether 172.24.4.11 is kim's web1: its console log shows no host key (yet)",
    );
    delete servers.logs["kim-web1"];
    await expect(to("kim")).rejects.toThrow(/answers 404: no console/);
  });

  it("keeps to what this very instance has shown before", async () => {
    servers.logs["kim-web1"] = log(KEY);
    await to("kim");
    servers.logs["kim-web1"] = "rebooted, with a new log\n";
    await to("kim");
    expect(known()).toBe(`net101.kim.web1 ${KEY} kim-web1\n`);
    delete servers.logs["kim-web1"];
    await to("kim");
    servers.logs["kim-web1"] = log(OTHER_KEY);
    await to("kim");
    expect(known()).toBe(`net101.kim.web1 ${OTHER_KEY} kim-web1\n`);
  });

  it("does not take the keys of the instance that was there before a reset", async () => {
    writeFileSync(join(course, ".classroom", "known_hosts"), `net101.kim.web1 ${KEY} a-former-instance\n`);
    servers.logs["kim-web1"] = "booting\n";
    await expect(to("kim")).rejects.toThrow("it cannot be known whether");
    expect(known()).toBe("");
  });

  it("says that nothing leads to an instance without a floating IP", async () => {
    await expect(to("kim", [], "db")).rejects.toThrow("no floating IP leads to db of kim");
  });
});

describe("ssh-config", () => {
  it("writes one file for the class, readable for its owner alone", async () => {
    servers.logs["kim-web1"] = log(KEY);
    servers.logs["lee-web1"] = "booting\n";
    const result = await writeSshConfig({ course, session: await teacherSession(cloud) });
    expect(result).toMatchObject({
      file: join(course, ".classroom", "ssh_config"),
      withoutKey: [{ host: "net101-lee", reason: "its console log shows no host key (yet)" }],
      notUp: ["park"],
      unreachable: ["kim db"],
    });
    expect(statSync(result.file).mode & 0o777).toBe(0o600);
    expect(readFileSync(result.file, "utf8").match(/^Host .*$/gm)).toEqual(["Host net101-kim", "Host net101-lee"]);
    expect(sshConfigResultText(result)).toContain(`ssh -F ${result.file} net101-kim`);
  });

  it("writes where it is told to, only those who are chosen", async () => {
    const out = join(course, "a b", "config");
    servers.logs["lee-web1"] = log(KEY);
    const result = await writeSshConfig({ course, out, students: "lee", session: await teacherSession(cloud) });
    expect(readFileSync(out, "utf8").match(/^Host .*$/gm)).toEqual(["Host net101-lee"]);
    expect(sshConfigResultText(result)).toContain(`ssh -F '${out}' net101-lee`);
  });
});
