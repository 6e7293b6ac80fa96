import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, describe, expect, it } from "vitest";
import { probeAll } from "../../cli/instances/probe.ts";
import { type CourseStatus, statusCourse } from "../../cli/commands/status.ts";
import { statusText } from "../../cli/commands/statusText.ts";
import { fakeOpenStack, type FakeOpenStack } from "../support/fakeOpenStack.ts";
import { teacherSettings } from "../support/teacherSession.ts";
import { ClassFolder, deadPid, KIMS_SERVER, kims, kimsCloud, loginEnv } from "./classFolder.ts";

const open: { close: () => unknown }[] = [];
const folders: ClassFolder[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  for (const { path } of folders.splice(0)) rmSync(path, { recursive: true });
});

const classFolder = (more = {}) => {
  const folder = new ClassFolder(more);
  folders.push(folder);
  return folder;
};
const cloudWith = async (answers = kimsCloud()): Promise<FakeOpenStack> => {
  const cloud = await fakeOpenStack({ answers });
  open.push(cloud);
  return cloud;
};
/** A page that answers with this status; 0 takes the connection and says nothing. */
const page = async (status: number): Promise<string> => {
  const server: Server = createServer((_request, response) => {
    if (status > 0) response.writeHead(status).end("page");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({ close: () => (server.closeAllConnections(), server.close()) });
  return `http://127.0.0.1:${portOf(server.address())}/`;
};
const portOf = (address: AddressInfo | string | null) =>
  address === null || typeof address === "string" ? 0 : address.port;

const status = async (folder: ClassFolder, answers = kimsCloud(), options = {}): Promise<CourseStatus> =>
  statusCourse({ course: folder.path, settings: teacherSettings(await cloudWith(answers)), ...options });

describe("classroom status", () => {
  it("shows that a class is well, asking the cloud only a few things and changing nothing", async () => {
    const folder = classFolder({ course: "reachCommand: env\n" });
    folder.makeKim(await page(200));
    const before = readdirSync(folder.path, { recursive: true });
    const cloud = await cloudWith();
    const found = await statusCourse({ course: folder.path, settings: teacherSettings(cloud) });
    expect(found).toMatchObject({
      course: "net101",
      ok: true,
      totals: { answers: 1 },
      workers: [],
      notSeen: [],
      classDrift: [],
    });
    expect(statusText(found)).toBe(
      [
        "student   name   stack      instance   state    address     answers",
        "kim       KIM    complete   web1       ACTIVE   127.0.0.1   yes",
        "",
        "1 student: 1 answers.",
      ].join("\n"),
    );
    expect(cloud.requests.filter((request) => !request.startsWith("GET "))).toEqual(["POST /v3/auth/tokens"]);
    expect(cloud.requests.length).toBeLessThan(40);
    expect(readdirSync(folder.path, { recursive: true })).toEqual(before);
  });

  it("tells who has nothing yet without making anything", async () => {
    const folder = classFolder();
    const found = await status(folder, kimsCloud({ servers: [], lists: {} }), { probe: false });
    expect(found).toMatchObject({ ok: false, students: [{ stack: "not made", instances: [{ state: "not made" }] }] });
    expect(readdirSync(folder.path).sort()).toEqual(["course.yaml", "lab.yaml", "roster.csv"]);
  });

  it("counts every kind, and tells below the table what is wrong with whom", async () => {
    const folder = classFolder();
    folder.makeKim();
    folder.roster("lee", "kim");
    folder.keep({ stack: "net101.old", resources: [], pending: [], outputs: { student: {} } });
    const fault = { message: "No valid host was found." };
    const servers = [
      { ...KIMS_SERVER, status: "ERROR", fault },
      { ...KIMS_SERVER, id: "mine", name: "mine", metadata: {} },
    ];
    const found = await status(folder, kimsCloud({ servers, lists: { "security-group-rules": [] } }));
    expect(found.ok).toBe(false);
    expect(statusText(found).split("\n")).toEqual([
      "student   name   stack             instance   state      address     answers",
      "lee       LEE    not made          web1       not made",
      "kim       KIM    complete          web1       ERROR      127.0.0.1",
      "old       old    left the roster",
      "",
      "3 students: 1 in error, 1 not made.",
      "",
      "kim: web1 is in error: No valid host was found.",
      "kim: security group rule web-http-rule (kim-rule) was deleted by hand",
      "kim: 1 thing made by hand in the project",
      "",
      "classroom doctor tells what mends it.",
    ]);
  });

  it("does not count silence where the course does not wait for pages", async () => {
    const folder = classFolder({ course: "waitUntilReady: false\n" });
    folder.makeKim(await page(503));
    const found = await status(folder);
    expect(found).toMatchObject({ ok: true, totals: { silent: 1 } });
    expect(statusText(found)).toMatch(/127\.0\.0\.1 +HTTP 503$/m);
    const waiting = classFolder();
    waiting.makeKim(await page(503));
    expect(await status(waiting)).toMatchObject({ ok: false, totals: { silent: 1 } });
  });

  it("asks nobody when it is not to, and not who is at rest", async () => {
    const folder = classFolder();
    folder.makeKim();
    expect((await status(folder, kimsCloud(), { probe: false })).totals).toEqual({ active: 1 });
    const stopped = kimsCloud({ servers: [{ ...KIMS_SERVER, status: "SHUTOFF" }] });
    expect(await status(folder, stopped)).toMatchObject({ ok: true, totals: { suspended: 1 } });
  });

  it("shows others although one state is damaged", async () => {
    const folder = classFolder();
    folder.makeKim();
    folder.roster("kim", "lee");
    writeFileSync(join(folder.stacks, "net101.lee.json"), '{"version":3,"checkpo');
    const found = await status(folder, kimsCloud(), { probe: false });
    expect(found.students).toMatchObject([
      { student: "kim", stack: "complete" },
      { student: "lee", stack: "unreadable", because: ["its state cannot be read"], instances: [{ state: "unknown" }] },
    ]);
  });

  it("is content while somebody works, and takes no heed of the locks of the dead", async () => {
    const folder = classFolder();
    folder.makeKim();
    folder.keep(kims({ outputs: {}, pending: [{ type: "creating", resource: kims().resources[3] ?? never() }] }));
    const lock = { username: "kim", hostname: hostname(), timestamp: "2026-01-01T00:00:00Z" };
    folder.lock("net101.kim", { ...lock, pid: process.pid });
    const busy = await status(folder, kimsCloud({ servers: [] }), { probe: false });
    const worker = `kim on ${hostname()} (process ${process.pid})`;
    expect(busy).toMatchObject({ ok: true, workers: [worker], students: [{ stack: "in work", drift: [] }] });
    expect(statusText(busy)).toContain(`kim: ${worker} is working on it\n${worker} is working on the course`);
    folder.lock("net101.kim", { ...lock, pid: await deadPid() });
    const after = await status(folder, kimsCloud(), { probe: false });
    expect(after).toMatchObject({ ok: false, workers: [], students: [{ stack: "incomplete" }] });
  });

  it("asks only about the chosen", async () => {
    const folder = classFolder();
    folder.makeKim();
    folder.roster("kim", "lee");
    const found = await status(folder, kimsCloud(), { probe: false, students: "kim" });
    expect(found.students.map(({ student }) => student)).toEqual(["kim"]);
  });

  it("is a line for each of a hundred", async () => {
    const folder = classFolder();
    folder.makeKim();
    folder.roster(...Array.from({ length: 100 }, (_, number) => `s${number}`));
    const text = statusText(await status(folder, kimsCloud(), { probe: false }));
    expect(text.split("\n").filter((line) => /^s\d+ .* not made$/.test(line))).toHaveLength(100);
    expect(text).toContain("101 students: 1 active and not asked, 100 not made.");
  });
});

const never = (): never => {
  throw new Error("there is a resource");
};

describe("asking a page", () => {
  it("tells what came", async () => {
    const urls = [await page(200), await page(301), await page(404), await page(0), "http://127.0.0.1:1/"];
    const targets = urls.map((url) => ({ address: "127.0.0.1", url }));
    expect(await probeAll(targets, { seconds: 1 })).toEqual(["yes", "yes", "HTTP 404", "no answer", "refused"]);
  });

  it("asks through the command that leads to the network, word by word", async () => {
    const url = await page(200);
    const target = { address: "127.0.0.1", url };
    expect(await probeAll([target], { reachCommand: "env -u HTTP_PROXY" })).toEqual(["yes"]);
    // No shell reads it.
    expect(await probeAll([target], { reachCommand: "echo $(id) ;" })).toEqual([
      expect.stringContaining("cannot be asked"),
    ]);
    await expect(probeAll([target], { reachCommand: "no-such-program" })).rejects.toThrow(
      "no-such-program is not installed",
    );
  });

  it("takes an SSH server's banner for an answer", async () => {
    const folder = classFolder();
    const banner = folder.write("banner", '#!/bin/sh\necho "# $5:22 SSH-2.0-dropbear" >&2\n', 0o700);
    expect(await probeAll([{ address: "192.0.2.1" }], { reachCommand: banner })).toEqual(["yes"]);
    expect(await probeAll([{ address: "192.0.2.1" }], { reachCommand: "true" })).toEqual(["no answer"]);
  });
});

describe("the command", () => {
  const main = join(import.meta.dirname, "../../cli/main.ts");
  const start = (folder: ClassFolder, cloud: FakeOpenStack, ...args: string[]) =>
    execa(process.execPath, [main, "status", "--course", folder.path, "--no-probe", ...args], {
      ...{ env: { ...loginEnv(cloud.authUrl), HOME: folder.path }, extendEnv: false, reject: false },
    });

  it(
    "ends with 0 when all is well, with 1 when something is not, with 2 when it cannot tell",
    { timeout: 60_000 },
    async () => {
      const folder = classFolder();
      folder.makeKim();
      const well = await start(folder, await cloudWith(), "--json");
      expect([well.exitCode, JSON.parse(well.stdout)]).toMatchObject([0, { course: "net101", ok: true }]);
      const gone = await start(folder, await cloudWith(kimsCloud({ servers: [] })));
      expect([gone.exitCode, gone.stdout]).toEqual([
        1,
        expect.stringContaining("instance web1 (kim-vm) was deleted by hand"),
      ]);
      mkdirSync(join(folder.path, "empty"));
      expect(await start(folder, await cloudWith(), "--course", join(folder.path, "empty"))).toMatchObject({
        exitCode: 2,
      });
    },
  );

  it("watches in plain lines until Ctrl-C, also through a moment without cloud", { timeout: 60_000 }, async () => {
    const folder = classFolder();
    folder.makeKim();
    let looks = 0;
    const answers = kimsCloud();
    const key = "GET /identity/v3/projects?tags=course%3Anet101";
    const projects = answers[key];
    answers[key] = (request) => {
      looks += 1;
      // Each look tries four times.
      return looks >= 2 && looks <= 5 ? { status: 503 } : (projects?.(request) ?? {});
    };
    const watching = start(folder, await cloudWith(answers), "--watch", "1", "--json");
    while (looks < 8) await new Promise((resolve) => setTimeout(resolve, 100));
    watching.kill("SIGINT");
    const { exitCode, stdout, stderr } = await watching;
    expect(exitCode).toBe(0);
    expect(stderr).toContain("503");
    const lines = stdout.split("\n").map((line): unknown => JSON.parse(line));
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines).toMatchObject(lines.map(() => ({ course: "net101", ok: true })));
  });
});
