import { describe, expect, it } from "vitest";
import { ini, mergeIni } from "../../local-cloud/config/ini.ts";
import { cloudPrograms } from "../../local-cloud/programs.ts";
import type { OptionalService } from "../../local-cloud/optionalService.ts";
import { choose, describeServices, optionalServices } from "../../local-cloud/optionalServices.ts";
import { completeSecrets, newSecrets } from "../../local-cloud/secrets.ts";

const service = (name: string): OptionalService => ({ name, description: `${name}, in short`, debianPackages: [] });
const [disks, objects, names] = [service("disks"), service("objects"), service("names")];
const known = [disks, objects, names];
const change = (more: { with?: string[]; without?: string[] }) => ({ with: [], without: [], ...more });

describe("choose", () => {
  it("adds, takes away, and keeps the rest", () => {
    expect(choose([], change({ with: ["names", "disks", "names"] }), known)).toEqual([disks, names]);
    expect(choose([disks, names], change({}), known)).toEqual([disks, names]);
    expect(choose([disks, names], change({ with: ["objects"], without: ["disks", "disks"] }), known)).toEqual([
      objects,
      names,
    ]);
  });

  it("names every unknown service at once, with the one that was probably meant", () => {
    expect(() => choose([], change({ with: ["objets", "zaqar"], without: ["name"] }), known)).toThrow(
      [
        "nothing was changed:",
        '  - unknown service "objets". Did you mean "objects"? Known are disks, objects, names',
        '  - unknown service "zaqar". Known are disks, objects, names',
        '  - unknown service "name". Did you mean "names"? Known are disks, objects, names',
      ].join("\n"),
    );
  });

  it("refuses a service that is asked for in both ways", () => {
    expect(() => choose([], change({ with: ["disks"], without: ["disks"] }), known)).toThrow(
      '"disks" is in both --with and --without: say one',
    );
  });
});

it("describes each service in a line", () => {
  expect(describeServices(known).split("\n")[1]).toBe("  objects  objects, in short");
});

describe("every optional service", () => {
  it("has a name that can be typed, and a description of one line", () => {
    for (const { name, description } of optionalServices) {
      expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(description).toMatch(/^[^\n]{10,100}$/);
    }
    expect(new Set(optionalServices.map(({ name }) => name)).size).toBe(optionalServices.length);
  });

  it("shares no port, no catalogue entry and no schema with another", () => {
    const secrets = newSecrets();
    const ports = optionalServices.flatMap(({ catalogue = [], hostPorts = [] }) => [
      ...catalogue.map(({ port }) => port),
      ...hostPorts,
    ]);
    const entries = optionalServices.flatMap(({ catalogue = [] }) => catalogue.map(({ name }) => name));
    const schemas = optionalServices.flatMap(({ schemas }) => schemas?.(secrets).map(({ name }) => name) ?? []);
    for (const each of [ports.map(String), entries, schemas]) expect(new Set(each).size).toBe(each.length);
  });

  it("marks its programs as its own", () => {
    const { apis, others } = cloudPrograms(newSecrets(), optionalServices);
    const marked = [...apis, ...others].flatMap(({ service }) => service ?? []);
    const names = optionalServices.map(({ name }) => name);
    for (const name of marked) expect(names).toContain(name);
    for (const { service } of others) expect(service).toBeDefined();
  });
});

describe("secrets", () => {
  it("that an older version wrote stay, and get what is new", () => {
    const { keys, services, ...rest } = newSecrets();
    const { cinder: _, ...older } = services;
    const complete = completeSecrets({ ...rest, services: older });
    expect(complete).toMatchObject({ ...rest, services: older });
    expect(complete.services.cinder).toMatch(/^[0-9a-f]{40}$/);
    expect(Object.keys(complete.keys)).toEqual(Object.keys(keys));
  });

  it("that are no passwords are refused", () => {
    expect(() => completeSecrets({ ...newSecrets(), admin: "short" })).toThrow("admin");
  });
});

describe("mergeIni", () => {
  it("joins sections, lets the last setting count, and joins lists", () => {
    const merged = mergeIni({ a: { x: 1, list: ["one"] } }, { a: { x: 2, list: ["two"] }, b: { y: true } });
    expect(merged).toEqual({ a: { x: 2, list: ["one", "two"] }, b: { y: true } });
    expect(ini(merged)).toBe("[a]\nx = 2\nlist = one\nlist = two\n\n[b]\ny = true\n");
  });

  it("leaves its parts as they were", () => {
    const part = { a: { x: 1 } };
    mergeIni(part, { a: { x: 2 } });
    expect(part).toEqual({ a: { x: 1 } });
  });
});
