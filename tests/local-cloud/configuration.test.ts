import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiPorts } from "../../local-cloud/apis.ts";
import { writeConfig } from "../../local-cloud/files.ts";
import { allPrograms, cloudPrograms } from "../../local-cloud/programs.ts";
import { newSecrets, type Secrets } from "../../local-cloud/secrets.ts";
import { supervisorIni } from "../../local-cloud/supervisor.ts";

const secrets = newSecrets();
const programs = allPrograms(cloudPrograms(secrets));
const files = programs.flatMap(({ configFiles = [] }) => configFiles);
const passwords = (of: Secrets): string[] => [
  ...[of.admin, of.rabbitmq, of.metadata],
  ...Object.values(of.services),
  ...Object.values(of.databases),
];

describe("the programs", () => {
  it("have names of their own", () => {
    const names = programs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("offer every API inside and on the host", () => {
    for (const where of ["inside", "host"] as const) {
      const ports = programs.filter((program) => program.where === where).map(({ port }) => port);
      for (const port of apiPorts) expect(ports).toContain(port);
    }
  });

  it("have passwords neither in their commands nor in their environments", () => {
    const shown = JSON.stringify(programs.map(({ command, environment }) => [command, environment]));
    const supervised = supervisorIni("inside", programs) + supervisorIni("host", programs);
    for (const password of passwords(secrets)) expect(shown + supervised).not.toContain(password);
  });

  it("listen on no address beyond 127.0.0.1 and the gateway of the guests", () => {
    const relevant = files.map(({ text }) => text).join("\n") + programs.map(({ command }) => command).join("\n");
    expect(relevant).not.toContain("0.0.0.0");
  });
});

describe("the configuration files", () => {
  it("have no gap where a value should be", () => {
    for (const { path, text } of files)
      expect(`${path}\n${text}`).not.toMatch(/\b(undefined|NaN|null|changeme)\b|\[object|guest:guest/);
  });

  it("are the same each time, and different for other secrets", () => {
    const again = allPrograms(cloudPrograms(secrets)).flatMap(({ configFiles = [] }) => configFiles);
    expect(again).toEqual(files);
    const others = allPrograms(cloudPrograms(newSecrets())).flatMap(({ configFiles = [] }) => configFiles);
    expect(others).not.toEqual(files);
  });

  it("say one thing each, though several programs name them", () => {
    for (const { path, text } of files)
      expect(files.filter((file) => file.path === path && file.text !== text)).toEqual([]);
  });

  it("hold every password, and one that does is for root alone", () => {
    const all = files.map(({ text }) => text).join("\n");
    for (const password of passwords({ ...secrets, admin: secrets.rabbitmq })) expect(all).toContain(password);
    for (const { path, text, mode = 0o600 } of files)
      if (passwords(secrets).some((password) => text.includes(password))) expect([path, mode]).toEqual([path, 0o600]);
  });

  it("keep database settings from nova-compute, which refuses to start with them", () => {
    const compute = programs.find(({ name }) => name === "nova-compute");
    expect(compute?.configFiles?.map(({ text }) => text).join("\n")).not.toContain("mysql+pymysql");
  });
});

describe("writeConfig", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "config-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const modeOf = (path: string) => statSync(path).mode & 0o777;

  it("makes files that only root may read, unless told otherwise", () => {
    writeConfig({ path: join(folder, "a/secret"), text: "x" });
    writeConfig({ path: join(folder, "a/open"), text: "x", mode: 0o644 });
    expect([modeOf(join(folder, "a/secret")), modeOf(join(folder, "a/open"))]).toEqual([0o600, 0o644]);
  });

  it("closes a file that was open, and leaves one alone that is right", () => {
    const path = join(folder, "b");
    writeFileSync(path, "x", { mode: 0o644 });
    writeConfig({ path, text: "x" });
    expect(modeOf(path)).toBe(0o600);
    const { ino } = statSync(path);
    writeConfig({ path, text: "x" });
    expect(statSync(path).ino).toBe(ino);
  });
});
