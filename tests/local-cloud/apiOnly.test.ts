import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { asksForApiOnly, cloudVariable } from "../../local-cloud/apiOnlyFlag.ts";
import type { Program } from "../../local-cloud/program.ts";

/** Everything about a cloud as a process that works on it sees it. */
async function loadCloud(kind: "local" | "api-only", environment: Record<string, string> = {}) {
  vi.resetModules();
  vi.stubEnv(cloudVariable, kind === "api-only" ? kind : "");
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { cloudName } = await import("../../local-cloud/cloudKind.ts");
  const { authUrl } = await import("../../local-cloud/apis.ts");
  const { ports } = await import("../../local-cloud/ports.ts");
  const { home, cache } = await import("../../local-cloud/paths.ts");
  const { allPrograms, cloudPrograms } = await import("../../local-cloud/programs.ts");
  const { packages } = await import("../../local-cloud/packages.ts");
  const { newSecrets } = await import("../../local-cloud/secrets.ts");
  const { supervisorIni } = await import("../../local-cloud/supervisor.ts");
  const secrets = newSecrets();
  const { optionalServices } = await import("../../local-cloud/optionalServices.ts");
  // Those that it may have run on it as the core does.
  const programs = allPrograms(cloudPrograms(secrets, kind === "api-only" ? optionalServices : []));
  const files = programs.flatMap(({ configFiles = [] }) => configFiles);
  const says = (end: string) => files.find(({ path }) => path.endsWith(end))?.text ?? "";
  return {
    ...{ cloudName, authUrl, ports, home, cache, programs, packages, secrets, files, says, supervisorIni },
    optionalServices,
  };
}

beforeEach(() => {
  for (const name of ["CLASSROOM_CLOUD_HOME", "CLASSROOM_API_ONLY_HOME", "CLASSROOM_API_ONLY_PORTS"])
    vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

describe("the flag --api-only", () => {
  it.each([
    ["up --api-only", true],
    ["status --json --api-only", true],
    ["exec --api-only -- openstack server list", true],
    ["exec --api-only openstack server list", true],
    ["up", false],
    ["exec -- openstack --api-only", false],
    ["exec openstack --api-only", false],
    ["", false],
  ])("%s: %s", (line, asked) => {
    expect(asksForApiOnly(line.split(" "))).toBe(asked);
  });

  it("is in the help of every command", async () => {
    vi.resetModules();
    const { commands } = await import("../../local-cloud/commands.ts");
    for (const command of commands().commands) expect(command.helpInformation()).toContain("--api-only");
  });
});

describe("the API-only cloud beside the local cloud", () => {
  it("has a name, a folder and ports of its own", async () => {
    const local = await loadCloud("local");
    const apiOnly = await loadCloud("api-only");
    expect([local.cloudName, apiOnly.cloudName]).toEqual(["local", "api-only"]);
    expect([local.authUrl, apiOnly.authUrl]).toEqual(["http://127.0.0.1:5000/v3", "http://127.0.0.1:15000/v3"]);
    expect(apiOnly.home).not.toContain(`${local.home}/`);
    const all = [...local.programs.map(({ port }) => port), ...Object.values(local.ports)];
    for (const port of Object.values(apiOnly.ports)) expect(all).not.toContain(port);
  });

  it("names no file and no port of it", async () => {
    const { home } = await loadCloud("local");
    const { programs, files, supervisorIni } = await loadCloud("api-only");
    const everything = [...files.map(({ path, text }) => path + text), supervisorIni("inside", programs)].join("\n");
    expect(everything).not.toContain(`${home}/`);
    for (const port of [5000, 8004, 8774, 8778, 9292, 9696, 3306, 5672, 11211])
      expect(everything).not.toMatch(new RegExp(`(:|port\\w* = |-p )${port}\\b`));
  });

  it("leaves the local cloud its own ports and folder, whatever its variables say", async () => {
    const variables = { CLASSROOM_API_ONLY_HOME: "/x", CLASSROOM_API_ONLY_PORTS: "20000" };
    const local = await loadCloud("local", variables);
    expect([local.home, local.ports.identity]).toEqual(["/var/lib/openstack-classroom", 5000]);
    const apiOnly = await loadCloud("api-only", { ...variables, CLASSROOM_CLOUD_HOME: "/y" });
    expect([apiOnly.home, apiOnly.ports.identity]).toEqual(["/x", 25000]);
  });

  it("may be there twice", async () => {
    const one = await loadCloud("api-only");
    const other = await loadCloud("api-only", {
      CLASSROOM_API_ONLY_HOME: "/tmp/other",
      CLASSROOM_API_ONLY_PORTS: "20000",
    });
    expect(other.home).toBe("/tmp/other");
    const shared = Object.values(one.ports).filter((port) => Object.values<number>(other.ports).includes(port));
    expect(shared).toEqual([]);
  });

  it.each(["abc", "0", "21001", "1.5", ""])("refuses %j as the distance of its ports", async (offset) => {
    await expect(loadCloud("api-only", { CLASSROOM_API_ONLY_PORTS: offset })).rejects.toThrow(
      `CLASSROOM_API_ONLY_PORTS is "${offset}": give a number from 1000 to 21000`,
    );
  });

  it.each(["1000", "10000", "21000"])(
    "has %s ports below those of outgoing connections, none twice",
    async (offset) => {
      const { ports, optionalServices } = await loadCloud("api-only", { CLASSROOM_API_ONLY_PORTS: offset });
      const optional = optionalServices.flatMap(({ catalogue = [] }) => catalogue.map(({ port }) => port));
      const numbers = [...Object.values(ports), ...optional];
      expect(Math.max(...numbers)).toBeLessThan(32768);
      expect(new Set(numbers).size).toBe(numbers.length);
    },
  );
});

describe("the API-only cloud", () => {
  it("runs the APIs, and nothing that makes guests or networks", async () => {
    const { programs, packages } = await loadCloud("api-only");
    expect(programs.map(({ name }) => name)).toEqual([
      ...["mariadb", "rabbitmq", "memcached", "keystone", "placement", "glance", "neutron-server", "nova-api"],
      ...["heat-api", "nova-conductor", "nova-scheduler", "heat-engine", "nova-compute"],
    ]);
    expect(packages.join(" ")).not.toMatch(/qemu|libvirt|agent|nova-compute/);
  });

  it("takes any port for wired, on physical networks of any name", async () => {
    const { programs, says } = await loadCloud("api-only");
    expect(says("neutron-server.conf")).toMatch(/^mechanism_drivers = every-port-wired,/m);
    // The later file counts.
    expect(says("neutron-server.conf")).toContain("flat_networks = *\n");
    expect(says("nova.conf")).toMatch(/^vif_plugging_is_fatal = false$/m);
    const server = programs.find(({ name }) => name === "neutron-server");
    // As Neutron finds it: by its entry point.
    const { stdout } = await execa("/usr/bin/python3", ["-c", ENTRY_POINTS], { env: server?.environment ?? {} });
    expect(stdout).toBe("classroom_stand_ins:EveryPortWired");
  });

  it("shows its passwords to nobody else", async () => {
    const { programs, files, secrets, supervisorIni } = await loadCloud("api-only");
    const { admin, rabbitmq, services, databases, keys } = secrets;
    const passwords = [admin, rabbitmq, ...[services, databases, keys].flatMap((each) => Object.values(each))];
    const shown = JSON.stringify(programs.map(({ command, environment }: Program) => [command, environment]));
    for (const password of passwords) expect(shown + supervisorIni("inside", programs)).not.toContain(password);
    for (const { path, text, mode = 0o600 } of files)
      if (passwords.some((password) => text.includes(password))) expect([path, mode]).toEqual([path, 0o600]);
  });

  it("listens on 127.0.0.1 alone", async () => {
    const { files, programs } = await loadCloud("api-only");
    const settings = [...files.map(({ text }) => text), ...programs.map(({ command }) => command)].join("\n");
    expect(settings).not.toContain("0.0.0.0");
    for (const [, address] of settings.matchAll(/^(?:bind_host|bind-address|osapi_compute_listen) = (.*)$/gm))
      expect(address).toBe("127.0.0.1");
  });

  it("has only those optional services that need no guests, and says so", async () => {
    const { optionalServices } = await loadCloud("api-only");
    const { choose } = await import("../../local-cloud/optionalServices.ts");
    expect(optionalServices.map(({ name }) => name)).toEqual(["heat"]);
    expect(() => choose([], { with: ["cinder"], without: [] })).toThrow('unknown service "cinder". Known are heat');
  });
});

const ENTRY_POINTS = `
import importlib.metadata
[found] = [point for point in importlib.metadata.entry_points(group="neutron.ml2.mechanism_drivers")
           if point.name == "every-port-wired"]
print(found.value, end="")
`;
