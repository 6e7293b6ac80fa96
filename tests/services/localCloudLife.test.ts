import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { given } from "../cloud/testStack.ts";
import { OwnMachine } from "./ownMachine.ts";

const KEYSTONE = "http://127.0.0.1:5000/v3";

/** Each once. */
const IMAGES = ["cirros", "debian-12"].flatMap((name) => [name, `${name}-kernel`, `${name}-ramdisk`]);

const statusSchema = z.object({
  state: z.string(),
  services: z.array(
    z.object({
      ...{ name: z.string(), up: z.boolean(), pid: z.number().nullable(), port: z.number().nullable() },
      memoryMiB: z.number(),
    }),
  ),
  totals: z.object({ memoryMiB: z.number() }),
});

let machine: OwnMachine;
let before: string[];
beforeAll(async () => {
  machine = await OwnMachine.start();
  before = await machine.network();
});
afterAll(() => machine.close());

const cloud = async (...args: string[]) => machine.run(process.execPath, "local-cloud/main.ts", ...args);

/** @throws with all that was printed when it failed */
async function done(...args: string[]): Promise<string> {
  const began = performance.now();
  const printed = await machine.output(process.execPath, "local-cloud/main.ts", ...args);
  console.log(`${args[0] ?? ""}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return printed;
}

/** Kills an `up` so long after it has begun a step. @returns whether it was still at it */
async function killedAt(step: string, milliseconds: number): Promise<boolean> {
  const running = machine.begin(process.execPath, "local-cloud/main.ts", "up");
  let said = "";
  running.all.on("data", (chunk: Buffer) => {
    const isNew = !said.includes(`> ${step}\n`);
    said += chunk.toString();
    if (isNew && said.includes(`> ${step}\n`)) setTimeout(() => running.kill("SIGKILL"), milliseconds);
  });
  const { signal } = await running;
  return signal === "SIGKILL";
}

const status = async () => {
  const { exitCode, printed } = await cloud("status", "--json");
  return { exitCode, ...statusSchema.parse(JSON.parse(printed)) };
};

const service = ({ services }: z.infer<typeof statusSchema>, wanted: string) =>
  given(
    services.find(({ name }) => name === wanted),
    wanted,
  );

/** There: the host means another process by the same number. */
const kill = async (pid: number | null) => machine.output("sh", "-c", `kill -9 ${given(pid, "a process")}`);

describe("the life of a local cloud, on a machine of its own", () => {
  it("does not begin where one of its ports is taken, and says which", async () => {
    const listener = machine.begin(
      process.execPath,
      "--eval",
      'require("node:net").createServer().listen(5000, "127.0.0.1")',
    );
    try {
      const listens = () => machine.run("sh", "-c", "ss -ltn | grep -q 127.0.0.1:5000");
      while ((await listens()).exitCode !== 0);
      const { exitCode, printed } = await cloud("up");
      expect({ exitCode, printed }).toMatchObject({ exitCode: 2 });
      expect(printed).toMatch(/nothing was changed[^]*5000/);
      expect(existsSync(machine.cloudHome)).toBe(false);
    } finally {
      listener.kill("SIGKILL");
      await listener;
    }
  });

  it("goes on from wherever it was killed, and comes up whole", async () => {
    expect(await killedAt("databases", 2000)).toBe(true);
    expect(await killedAt("identity", 3000)).toBe(true);
    expect(await killedAt("agents", 1000)).toBe(true);
    expect(await killedAt("image cirros", 500)).toBe(true);
    expect(await done("up")).toContain('as cloud "local"');
    const { exitCode, state, services, totals } = await status();
    console.log(`memory: ${totals.memoryMiB} MiB`);
    expect({ exitCode, state, notUp: services.filter(({ up }) => !up) }).toEqual({
      exitCode: 0,
      state: "up",
      notUp: [],
    });
    expect(services.every(({ pid, memoryMiB }) => pid !== null && memoryMiB > 0)).toBe(true);
    const images = await machine.output(
      ...[
        process.execPath,
        "local-cloud/main.ts",
        "exec",
        "--",
        "openstack",
        "image",
        "list",
        "-f",
        "value",
        "-c",
        "Name",
      ],
    );
    expect(images.trim().split("\n").sort()).toEqual(IMAGES);
  });

  it("answers on the machine's own 127.0.0.1, and nowhere else of its network", async () => {
    expect(await machine.output("curl", "--silent", KEYSTONE)).toContain('"v3');
    const listening = await machine.output("sh", "-c", "ss -ltnH | awk '{ print $4 }'");
    expect(
      listening
        .trim()
        .split("\n")
        .filter((address) => !address.startsWith("127.0.0.1:")),
    ).toEqual([]);
    // Beside the name of the namespace.
    const [links, routes, rules] = await machine.network();
    expect([links, routes, rules]).toEqual(before.slice(0, 3));
  });

  it("is left as it is by a second up", async () => {
    const pids = async () => (await status()).services.map(({ name, pid }) => `${name} ${pid ?? "-"}`);
    const running = await pids();
    await done("up");
    expect(await pids()).toEqual(running);
  });

  it("is stopped and started", async () => {
    await done("down");
    expect(await status()).toMatchObject({ exitCode: 0, state: "down", services: [] });
    expect((await machine.run("curl", "--silent", KEYSTONE)).exitCode).toBe(7);
    await done("up");
    expect(await status()).toMatchObject({ exitCode: 0, state: "up" });
  });

  it("raises a service that fell", async () => {
    const agent = async () => service(await status(), "neutron-dhcp");
    const { pid } = await agent();
    await kill(pid);
    for (let now = await agent(); now.pid === pid || !now.up; now = await agent());
    expect(await status()).toMatchObject({ exitCode: 0, state: "up" });
  });

  it("tells when most of it fell, and mends it", async () => {
    const { pid } = service(await status(), "keystone");
    await kill(Number(await machine.output("ps", "-o", "ppid=", "-p", String(pid))));
    const fallen = await status();
    expect(fallen).toMatchObject({ exitCode: 1, state: "degraded" });
    expect(service(fallen, "keystone")).toMatchObject({ up: false, pid: null });
    await done("up");
    expect(await status()).toMatchObject({ exitCode: 0, state: "up" });
  });

  it("is removed with everything that it brought, but for Debian's packages", async () => {
    await done("remove");
    expect(existsSync(machine.cloudHome)).toBe(false);
    expect(existsSync(join(machine.home, ".config/openstack/clouds.yaml"))).toBe(false);
    expect(await machine.processes()).toEqual([]);
    expect(await machine.network()).toEqual(before);
    expect(await machine.output("cat", "/proc/self/mounts")).not.toContain(machine.folder);
    expect(readFileSync("/etc/passwd", "utf8")).toContain("keystone");
  });
});
