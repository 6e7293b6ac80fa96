import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { AdminApi } from "../../local-cloud/adminApi.ts";
import { cloudVariable } from "../../local-cloud/apiOnlyFlag.ts";
import { listProcesses } from "../../local-cloud/processes.ts";
import { listeningPorts } from "../../local-cloud/sockets.ts";

/** An API-only cloud of the test's own: other folder, other ports, other clouds.yaml than the one that somebody here may use. */
const folder = mkdtempSync(join(tmpdir(), "api-only-"));
const environment = {
  HOME: join(folder, "user"),
  CLASSROOM_API_ONLY_HOME: join(folder, "cloud"),
  CLASSROOM_API_ONLY_PORTS: "20000",
};

/** @returns what it printed, and how long it took */
async function cloud(...args: string[]): Promise<string> {
  const began = performance.now();
  const options = { env: environment, reject: false, all: true } as const;
  const { all, exitCode } = await execa(process.execPath, ["local-cloud/main.ts", ...args, "--api-only"], options);
  console.log(`${args[0] ?? ""}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  if (exitCode !== 0) throw new Error(`${args.join(" ")} ended with ${exitCode ?? "a signal"}:\n${all}`);
  return all;
}

const Status = z.object({ state: z.string(), totals: z.object({ memoryMiB: z.number() }) });
const status = async () => Status.parse(JSON.parse(await cloud("status", "--json")));

/** As the process that works on this cloud sees it. */
async function logIn(): Promise<AdminApi> {
  const { logIn } = await import("../../local-cloud/adminApi.ts");
  const { readSecrets } = await import("../../local-cloud/secrets.ts");
  const secrets = readSecrets();
  if (secrets === undefined) throw new Error("it has no passwords");
  return logIn(secrets);
}

/** Supervisors of other clouds. */
const others = () =>
  listProcesses()
    .filter(({ argv }) => argv[1] === "/usr/bin/supervisord" && !argv.join(" ").includes(folder))
    .map(({ pid }) => pid);

const Made = z.record(z.string(), z.looseObject({ id: z.string(), status: z.string().optional() }));

/** Beside the list there may be links. */
const Listed = z.record(z.string(), z.array(z.looseObject({ id: z.string(), name: z.string() })).catch([]));

/** Of one kind. */
async function make(api: AdminApi, kind: string, properties: object) {
  const [made] = Object.values(Made.parse(await api.call("network", "POST", `/v2.0/${kind}s`, { [kind]: properties })));
  if (made === undefined) throw new Error(`no ${kind} was made`);
  return made;
}

const read = async (api: AdminApi, service: string, path: string) => {
  const [found] = Object.values(Made.parse(await api.call(service, "GET", path)));
  return found?.status;
};

async function becomes(api: AdminApi, server: string, wanted: string): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const now = await read(api, "compute", `/servers/${server}`);
    if (now === wanted) return;
    if (now === "ERROR" || Date.now() > deadline) throw new Error(`the server is ${now ?? "gone"}, not ${wanted}`);
    await sleep(300);
  }
}

describe("the API-only cloud", () => {
  const before = others();
  beforeAll(() => {
    vi.stubEnv(cloudVariable, "api-only");
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    mkdirSync(environment.HOME);
  });
  afterAll(async () => {
    if (existsSync(environment.CLASSROOM_API_ONLY_HOME)) await cloud("remove");
    rmSync(folder, { recursive: true });
    vi.unstubAllEnvs();
  });

  it("comes up from nothing in little memory", async () => {
    expect(await cloud("up")).toContain('as cloud "api-only"');
    const { state, totals } = await status();
    console.log(`memory: ${totals.memoryMiB} MiB`);
    expect(state).toBe("up");
    expect(totals.memoryMiB).toBeLessThan(2048);
  });

  it("makes a server with a floating IP, which is stopped and started also after down and up", async () => {
    let api = await logIn();
    const outside = await make(api, "network", {
      ...{ name: "outside", "router:external": true },
      ...{ "provider:network_type": "flat", "provider:physical_network": "extnet" },
    });
    await make(api, "subnet", { network_id: outside.id, ip_version: 4, cidr: "172.24.5.0/24", enable_dhcp: false });
    const inside = await make(api, "network", { name: "inside" });
    const subnet = await make(api, "subnet", { network_id: inside.id, ip_version: 4, cidr: "192.168.7.0/24" });
    const router = await make(api, "router", { external_gateway_info: { network_id: outside.id } });
    await api.call("network", "PUT", `/v2.0/routers/${router.id}/add_router_interface`, { subnet_id: subnet.id });
    const port = await make(api, "port", { network_id: inside.id });

    const idOf = async (name: string, service: string, path: string) => {
      const listed = Listed.parse(await api.call(service, "GET", path));
      return Object.values(listed)
        .flat()
        .find((each) => each.name === name)?.id;
    };
    const made = await api.call("compute", "POST", "/servers", {
      server: {
        name: "one",
        imageRef: await idOf("debian-12", "image", "/v2/images"),
        flavorRef: await idOf("ds512M", "compute", "/flavors"),
        networks: [{ port: port.id }],
      },
    });
    const server = z.object({ server: z.object({ id: z.string() }) }).parse(made).server.id;
    const address = await make(api, "floatingip", { floating_network_id: outside.id, port_id: port.id });
    await becomes(api, server, "ACTIVE");
    expect(await read(api, "network", `/v2.0/ports/${port.id}`)).toBe("ACTIVE");
    expect(await read(api, "network", `/v2.0/floatingips/${address.id}`)).toBe("ACTIVE");

    await cloud("down");
    expect((await status()).state).toBe("down");
    await cloud("up");
    api = await logIn();
    await becomes(api, server, "ACTIVE");
    await api.call("compute", "POST", `/servers/${server}/action`, { "os-stop": null });
    await becomes(api, server, "SHUTOFF");
    await api.call("compute", "POST", `/servers/${server}/action`, { "os-start": null });
    await becomes(api, server, "ACTIVE");
  });

  it("is removed without a trace, and never touched another cloud", async () => {
    await cloud("remove");
    expect(existsSync(environment.CLASSROOM_API_ONLY_HOME)).toBe(false);
    expect(existsSync(join(environment.HOME, ".config/openstack/clouds.yaml"))).toBe(false);
    expect(listProcesses().filter(({ argv }) => argv.join(" ").includes(folder))).toEqual([]);
    const { ports } = await import("../../local-cloud/ports.ts");
    expect(Object.values(ports).filter((each) => listeningPorts("self").has(each))).toEqual([]);
    expect(others()).toEqual(before);
  });
});
