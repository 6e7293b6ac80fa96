import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Table from "cli-table3";
import { apiOnly, cloudTitle, upCommand } from "./cloudKind.ts";
import { libvirtEtc } from "./config/libvirt.ts";
import { insideSupervisor } from "./namespace.ts";
import { home } from "./paths.ts";
import { type Process, processStart } from "./processes.ts";
import { chosenServices } from "./optionalServices.ts";
import type { Program } from "./program.ts";
import { allPrograms, cloudPrograms } from "./programs.ts";
import { readSecrets } from "./secrets.ts";
import { listeningPorts } from "./sockets.ts";
import { memoryOf, type Supervised, supervised } from "./supervised.ts";

/** There from the end of an `up` to the beginning of a `down`: tells a cloud that was stopped from one that fell. */
export const wantedFile = join(home, "wanted");

export interface ServiceStatus {
  name: string;
  where: Program["where"];
  /** The optional service it belongs to; null for the core. */
  service: string | null;
  up: boolean;
  /** As supervisor calls it. */
  state: Supervised["state"];
  /** As the host counts; null when it does not run. */
  pid: number | null;
  port: number | null;
  memoryMiB: number;
  uptimeSeconds: number;
}

export interface GuestStatus {
  /** In Nova. */
  name: string;
  pid: number;
  memoryMiB: number;
  uptimeSeconds: number;
}

/** A chosen one. */
export interface OptionalServiceStatus {
  name: string;
  /** Of its own programs; what it adds to the core's is not in it. */
  memoryMiB: number;
  /** What its users should know, if anything. */
  note: string | null;
}

export interface CloudStatus {
  /** "fallen": it should run, but nothing of it does, for example after a restart of the machine. */
  state: "not installed" | "down" | "fallen" | "degraded" | "up";
  services: ServiceStatus[];
  optionalServices: OptionalServiceStatus[];
  guests: GuestStatus[];
  totals: { processes: number; memoryMiB: number; guestMemoryMiB: number };
}

export async function cloudStatus(): Promise<CloudStatus> {
  const secrets = readSecrets();
  const chosen = chosenServices();
  const found = { inside: await supervised("inside"), host: await supervised("host") };
  const none: CloudStatus = {
    state: secrets === undefined ? "not installed" : existsSync(wantedFile) ? "fallen" : "down",
    services: [],
    optionalServices: [],
    guests: [],
    totals: { processes: 0, memoryMiB: 0, guestMemoryMiB: 0 },
  };
  if (secrets === undefined || (found.inside === undefined && found.host === undefined)) return none;

  const ports = { inside: listeningPorts(insideSupervisor() ?? 0), host: listeningPorts("self") };
  const services = allPrograms(cloudPrograms(secrets, chosen)).map((program) =>
    serviceStatus(program, found[program.where]?.programs, ports[program.where]),
  );
  const others = [...(found.inside?.others ?? []), ...(found.host?.others ?? [])];
  const supervisedProcesses = [found.inside, found.host].flatMap((each) =>
    (each?.programs ?? []).flatMap(({ processes }) => processes),
  );
  const guests = others.filter(isGuest).map(guestStatus);
  return {
    state: services.every(({ up }) => up) ? "up" : "degraded",
    services,
    optionalServices: chosen.map(({ name, note = null }) => ({
      name,
      memoryMiB: services.reduce((sum, each) => sum + (each.service === name ? each.memoryMiB : 0), 0),
      note,
    })),
    guests,
    totals: {
      processes: others.length + supervisedProcesses.length,
      memoryMiB: mebibytes([...others, ...supervisedProcesses]),
      guestMemoryMiB: guests.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0),
    },
  };
}

function serviceStatus(program: Program, all: readonly Supervised[] = [], ports: ReadonlySet<number>): ServiceStatus {
  const { name, where, service = null, port = null } = program;
  const { state = "STOPPED", processes = [] } = all.find((each) => each.name === name) ?? {};
  const [first] = processes;
  return {
    name,
    where,
    service,
    up: state === "RUNNING" && (port === null || ports.has(port)),
    state,
    pid: first?.pid ?? null,
    port,
    memoryMiB: mebibytes(processes),
    uptimeSeconds: first === undefined ? 0 : uptime(first.pid),
  };
}

export function isGuest({ argv }: Process): boolean {
  return argv[0]?.includes("qemu-system") === true;
}

function guestStatus(process: Process): GuestStatus {
  const domain = /guest=([^,]+)/.exec(process.argv.join(" "))?.[1] ?? "";
  return {
    name: novaName(domain) ?? domain,
    pid: process.pid,
    memoryMiB: mebibytes([process]),
    uptimeSeconds: uptime(process.pid),
  };
}

/** Nova writes the name that the user gave into libvirt's description. */
function novaName(domain: string): string | undefined {
  const folder = join(libvirtEtc, "qemu");
  if (!existsSync(folder) || !readdirSync(folder).includes(`${domain}.xml`)) return undefined;
  return /<nova:name>([^<]*)</.exec(readFileSync(join(folder, `${domain}.xml`), "utf8"))?.[1];
}

/** For people. */
export function renderStatus({ state, services, optionalServices, guests, totals }: CloudStatus): string {
  const title = `T${cloudTitle.slice(1)}`;
  const lines = [
    {
      "not installed": `${title} is not installed. Install and start it: ${upCommand}`,
      down: `${title} is down. Start it: ${upCommand}`,
      fallen: `${title} should be up but is not (was the machine restarted?). Start it: ${upCommand}`,
      degraded: `${title} is up, but not all of it.`,
      up: `${title} is up.`,
    }[state],
  ];
  if (services.length > 0)
    lines.push(
      table(
        ["service", "state", "pid", "port", "MiB", "uptime"],
        [
          ...services.map(({ name, up, state, pid, port, memoryMiB, uptimeSeconds }) => [
            name,
            up ? "up" : state === "RUNNING" ? "not answering" : state.toLowerCase(),
            pid ?? "",
            port ?? "",
            memoryMiB,
            duration(uptimeSeconds),
          ]),
          ...guests.map(({ name, pid, memoryMiB, uptimeSeconds }) => [
            `guest ${name}`,
            "up",
            pid,
            "",
            memoryMiB,
            duration(uptimeSeconds),
          ]),
        ],
      ),
      `${totals.processes} processes, ${totals.memoryMiB} MiB` +
        (apiOnly ? "" : `, of which ${totals.guestMemoryMiB} MiB for ${guests.length} guests`),
      ...optionalServices.map(
        ({ name, memoryMiB, note }) => `with ${name} (${memoryMiB} MiB)${note === null ? "" : `: ${note}`}`,
      ),
    );
  return lines.join("\n");
}

function table(head: string[], rows: (string | number)[][]): string {
  const gap = { "top-mid": "", "bottom-mid": "", "mid-mid": "", mid: "", middle: "  ", left: "", right: "" };
  const none = { top: "", "top-left": "", "top-right": "", bottom: "", "bottom-left": "", "bottom-right": "" };
  const grid = new Table({
    head,
    chars: { ...gap, ...none, "left-mid": "", "right-mid": "" },
    colAligns: ["left", "left", "right", "right", "right", "right"],
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
  });
  grid.push(...rows);
  return grid.toString();
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

const uptime = (pid: number) => Math.max(0, Math.round((Date.now() - processStart(pid).getTime()) / 1000));

const mebibytes = (processes: readonly Process[]) =>
  Math.round(processes.reduce((sum, process) => sum + memoryOf(process), 0) / 2 ** 20);
