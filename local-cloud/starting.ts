import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type AdminApi, answers } from "./adminApi.ts";
import { aliveAgents, computeIsUp, dhcpIsBack, hostIsMapped } from "./agents.ts";
import { rabbitmqData } from "./config/infrastructure.ts";
import { novaOptions } from "./config/nova.ts";
import { makeDatabaseServer } from "./databases.ts";
import { inside, insideSupervisor } from "./namespace.ts";
import { logs } from "./paths.ts";
import { processStart } from "./processes.ts";
import type { Program } from "./program.ts";
import { ports } from "./ports.ts";
import type { Programs } from "./programs.ts";
import { listeningPorts } from "./sockets.ts";
import { isConnected, supervised } from "./supervised.ts";
import { ensureSupervisor, startPrograms, supervisors } from "./supervisor.ts";
import { waitForPrograms } from "./waitForPrograms.ts";

/** Writes all configuration and brings both supervisors to it; see ensureSupervisor. */
export async function superviseAll(programs: readonly Program[]): Promise<void> {
  // Messages between daemons that have all ended.
  if (insideSupervisor() === undefined) rmSync(rabbitmqData, { recursive: true, force: true });
  mkdirSync(rabbitmqData, { recursive: true, mode: 0o700 });
  for (const where of supervisors)
    await ensureSupervisor(
      where,
      programs.filter((program) => program.where === where),
    );
}

/** Does not wait for them. @returns their names */
export async function start(programs: readonly Program[]): Promise<string[]> {
  for (const where of supervisors)
    await startPrograms(
      where,
      programs.filter((program) => program.where === where).map(({ name }) => name),
    );
  return programs.map(({ name }) => name);
}

const insidePorts = () => listeningPorts(insideSupervisor() ?? "self");

export async function startInfrastructure({ infrastructure, guestPackages, relays }: Programs): Promise<void> {
  await makeDatabaseServer();
  const names = await start([...infrastructure, ...guestPackages, ...relays]);
  // RabbitMQ takes longer; who needs it asks until it is there.
  await waitForPrograms("MariaDB", names, () => insidePorts().has(ports.database), 60);
}

/** Until each answers, and the conductor listens, whom Nova's other parts ask first of all. */
export async function waitForApis({ apis, schedulers }: Programs): Promise<void> {
  const names = [...apis, ...schedulers].map(({ name }) => name);
  for (const { name, port } of apis)
    if (port !== undefined)
      await waitForPrograms(name, names, async () => insidePorts().has(port) && answers(port), 120);
  await waitForPrograms(
    "nova-conductor",
    names,
    async () => {
      const conductor = (await supervised("inside"))?.programs.find(({ name }) => name === "nova-conductor");
      return isConnected(conductor?.processes ?? [], ports.messages);
    },
    120,
  );
}

/** Until they have reported in, and every network has its DHCP server back: guests ask as soon as they run. */
export async function startAgents({ agents }: Programs, api: AdminApi): Promise<void> {
  const names = await start(agents);
  const since = cloudStart();
  const expected = agents.filter(({ name }) => name.startsWith("neutron-")).length;
  const all = async () => (await aliveAgents(api, since)).size === expected;
  // One that asked while neutron-server was away, in an earlier `up` that failed, waits up to 200 s for the answer.
  await waitForPrograms("Neutron's agents", names, all, 240);
  await waitForPrograms("DHCP", names, async () => dhcpIsBack((await supervised("inside"))?.others ?? []), 180);
}

/** Until it has reported in, and instances can be scheduled there. */
export async function waitForCompute({ compute }: Programs, api: AdminApi): Promise<void> {
  const names = compute.map(({ name }) => name);
  await waitForPrograms("nova-compute", names, () => computeIsUp(api, cloudStart()), 180);
  if (await hostIsMapped(api)) return;
  await inside("nova-manage", [...novaOptions, "cell_v2", "discover_hosts"], { log: join(logs, "database-nova.log") });
  await waitForPrograms("Nova's list of hosts", names, () => hostIsMapped(api), 60);
}

/** A service's programs beside its APIs: until each runs and listens. */
export async function startService(service: string, { others }: Programs): Promise<void> {
  const programs = others.filter((program) => program.service === service);
  const names = await start(programs);
  const ready = async () => {
    const running = (await supervised("inside"))?.programs.filter(({ state }) => state === "RUNNING") ?? [];
    const ports = insidePorts();
    return programs.every(
      ({ name, port }) => running.some((each) => each.name === name) && (port === undefined || ports.has(port)),
    );
  };
  await waitForPrograms(service, names, ready, 120);
}

function cloudStart(): Date {
  return processStart(insideSupervisor() ?? process.pid);
}
