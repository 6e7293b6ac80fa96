import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostPorts } from "../../local-cloud/apis.ts";
import { writeConfig } from "../../local-cloud/files.ts";
import { optionalServices } from "../../local-cloud/optionalServices.ts";
import { allPrograms, cloudPrograms } from "../../local-cloud/programs.ts";
import type { OptionalService } from "../../local-cloud/optionalService.ts";
import type { Program } from "../../local-cloud/program.ts";
import { newSecrets, type Secrets } from "../../local-cloud/secrets.ts";
import { supervisorIni } from "../../local-cloud/supervisor.ts";

const secrets = newSecrets();
const passwords = (of: Secrets): string[] => [
  ...[of.admin, of.rabbitmq, of.metadata],
  ...Object.values(of.services),
  ...Object.values(of.databases),
  ...Object.values(of.keys),
];
const configFiles = (programs: readonly Program[]) => programs.flatMap(({ configFiles = [] }) => configFiles);

/** The core, with each optional service alone, and with all together. */
const choices: { title: string; services: readonly OptionalService[] }[] = [
  { title: "the core", services: [] },
  ...optionalServices.map((service) => ({ title: service.name, services: [service] })),
  { title: "all services", services: optionalServices },
];

describe.each(choices)("with $title", ({ services }) => {
  const programs = allPrograms(cloudPrograms(secrets, services));
  const files = configFiles(programs);

  describe("the programs", () => {
    it("have names of their own", () => {
      const names = programs.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    });

    it("offer every API inside and on the host", () => {
      for (const where of ["inside", "host"] as const) {
        const ports = programs.filter((program) => program.where === where).map(({ port }) => port);
        for (const port of hostPorts(services)) expect(ports).toContain(port);
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
        expect(`${path}\n${text}`).not.toMatch(/\b(undefined|NaN|null|changeme)\b|\[object O|guest:guest/);
    });

    it("are the same each time, and different for other secrets", () => {
      const again = configFiles(allPrograms(cloudPrograms(secrets, services)));
      expect(again).toEqual(files);
      const others = configFiles(allPrograms(cloudPrograms(newSecrets(), services)));
      expect(others).not.toEqual(files);
    });

    it("say one thing each, though several programs name them", () => {
      for (const { path, text } of files)
        expect(files.filter((file) => file.path === path && file.text !== text)).toEqual([]);
    });

    it("hold the passwords of every service", () => {
      const users = services.flatMap(({ users = [] }) => users);
      const owners = services.flatMap(({ schemas }) => schemas?.(secrets) ?? []).map(({ owner }) => owner);
      const core = ["glance", "placement", "neutron", "nova"] as const;
      const needed = [
        ...[secrets.rabbitmq, secrets.metadata, secrets.databases.keystone],
        ...[...core, ...users].map((name) => secrets.services[name]),
        ...[...core, ...owners].map((name) => secrets.databases[name]),
      ];
      const all = files.map(({ text }) => text).join("\n");
      for (const password of needed) expect(all).toContain(password);
    });

    it("are for root alone when they hold a password", () => {
      for (const { path, text, mode = 0o600 } of files)
        if (passwords(secrets).some((password) => text.includes(password))) expect([path, mode]).toEqual([path, 0o600]);
    });

    it("keep database settings from nova-compute, which refuses to start with them", () => {
      const compute = programs.find(({ name }) => name === "nova-compute");
      expect(compute?.configFiles?.map(({ text }) => text).join("\n")).not.toContain("mysql+pymysql");
    });
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
