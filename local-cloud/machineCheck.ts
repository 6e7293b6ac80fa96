import { existsSync, readFileSync, statfsSync } from "node:fs";
import { totalmem } from "node:os";
import { dirname } from "node:path";
import { execa } from "execa";
import { apiOnly, isRoot } from "./cloudKind.ts";
import { systemEnvironment, supervisorProcess } from "./namespace.ts";
import type { OptionalService } from "./optionalService.ts";
import { missingPackages, packages } from "./packages.ts";
import { home } from "./paths.ts";
import { processNamespace } from "./processes.ts";
import { socketOwner, tcpSockets } from "./sockets.ts";

/** What decides whether the cloud can run on this machine. */
export interface MachineFacts {
  /** Of /etc/os-release. */
  system: { id: string; version: string; title: string };
  architecture: string;
  isRoot: boolean;
  memoryBytes: number;
  freeDiskBytes: number;
  /** An installed cloud needs little more room. */
  installed: boolean;
  takenPorts: readonly { port: number; owner: string }[];
  /** Debian packages that are not there; undefined while root may install them. */
  missingPackages: readonly string[] | undefined;
  /** Names of the optional services it is to have. */
  services: readonly string[];
  /** What the kernel cannot do; undefined while the tool to find out is not installed. */
  missingKernelFeatures: readonly string[] | undefined;
}

/** What a cloud needs of the machine. */
export interface MachineNeeds {
  /** "the local cloud" */
  title: string;
  root: boolean;
  memoryBytes: number;
  /** As it is told. */
  memory: string;
  /** Before its packages are there, and after. */
  diskBytes: { firstTime: number; installed: number };
  /** What to do about a port that somebody else has. */
  portRemedy: string;
}

const GiB = 2 ** 30;

export const localCloudNeeds: MachineNeeds = {
  title: "the local cloud",
  root: true,
  // It takes 3.5 GiB; a guest or two and the system need the rest. A machine "with 6 GiB" shows somewhat less.
  memoryBytes: 5.5 * GiB,
  memory: "6 GiB",
  // Packages 2.5, their download 0.4, images and databases 2, guests' disks as they fill.
  diskBytes: { firstTime: 8 * GiB, installed: 1 * GiB },
  portRemedy: "stop that first",
};

export const apiOnlyNeeds: MachineNeeds = {
  title: "the API-only cloud",
  root: false,
  // It takes 2 GiB, and the system and a client need the rest.
  memoryBytes: 2.7 * GiB,
  memory: "3 GiB",
  // Packages 1.2, their download 0.2, databases 0.3, logs as they fill.
  diskBytes: { firstTime: 3 * GiB, installed: 1 * GiB },
  portRemedy: "stop that first, or set CLASSROOM_API_ONLY_PORTS (10000 unless set) to move all ports",
};

/** @returns every reason why not, in words for the user; empty when the cloud can run. */
export function machineProblems(facts: MachineFacts, needs = localCloudNeeds): string[] {
  const { system, architecture, isRoot, memoryBytes, freeDiskBytes, installed, takenPorts } = facts;
  const problems: string[] = [];
  if (system.id !== "debian" || system.version !== "12")
    problems.push(
      `this is ${system.title}: ${needs.title} is made of Debian 12's own OpenStack packages and runs on Debian 12 only ` +
        "(Ubuntu carries other versions). Use Debian 12, in a virtual machine if need be, or an OpenStack you have already",
    );
  if (architecture !== "x64") problems.push(`this machine is ${architecture}: ${needs.title} runs on x86-64 only`);
  if (needs.root && !isRoot)
    problems.push("this needs root, for packages and network namespaces: run it with sudo, as in: sudo npm start");
  if (facts.missingPackages !== undefined && facts.missingPackages.length > 0)
    problems.push(
      `Debian packages are missing, which root installs: sudo npm run cloud -- packages --api-only` +
        `${facts.services.length > 0 ? ` --with ${facts.services.join(",")}` : ""} (${facts.missingPackages.join(", ")})`,
    );
  if (memoryBytes < needs.memoryBytes)
    problems.push(`too little memory: the cloud needs about ${needs.memory}, this machine has ${gib(memoryBytes)}`);
  const neededDisk = installed ? needs.diskBytes.installed : needs.diskBytes.firstTime;
  if (freeDiskBytes < neededDisk)
    problems.push(`too little disk space for ${home}: ${gib(neededDisk)} needed, ${gib(freeDiskBytes)} free`);
  for (const { port, owner } of takenPorts)
    problems.push(`port ${port} of 127.0.0.1, which the cloud answers on, is taken by ${owner}: ${needs.portRemedy}`);
  return problems.concat((facts.missingKernelFeatures ?? []).map(kernelProblem));
}

export function kernelProblem(feature: string): string {
  return `the kernel cannot make ${feature}: use Debian's own kernel (linux-image-amd64), or load the module`;
}

export async function gatherMachineFacts(
  hostPorts: readonly number[],
  installed: boolean,
  services: readonly OptionalService[],
): Promise<MachineFacts> {
  const wanted = [...packages, ...services.flatMap(({ debianPackages }) => debianPackages)];
  return {
    system: readSystem(),
    architecture: process.arch,
    isRoot,
    memoryBytes: totalmem(),
    freeDiskBytes: freeBytes(home),
    installed,
    // Who needs root and is not has no use for the rest.
    takenPorts: isRoot || apiOnly ? takenPorts(hostPorts) : [],
    missingPackages: isRoot || !apiOnly ? undefined : await missingPackages(wanted),
    services: services.map(({ name }) => name),
    missingKernelFeatures: isRoot || apiOnly ? await missingKernelFeatures() : undefined,
  };
}

/** Tries each feature in a network namespace that vanishes with the trial. */
export async function missingKernelFeatures(): Promise<string[] | undefined> {
  if (apiOnly) return isRoot || (await canUnshare(ownNamespaces)) ? [] : ["namespaces for a user who is not root"];
  if (!existsSync("/usr/sbin/ip") && !existsSync("/sbin/ip")) return undefined;
  const trials: [feature: string, command: string][] = [
    ["network namespaces", "true"],
    ["bridges", "ip link add trial type bridge"],
    ["virtual cables (veth)", "ip link add trial type veth peer name trial2"],
    ["VXLAN tunnels", "ip link add trial type vxlan id 1 dstport 4789"],
    ["TAP devices", "ip tuntap add trial mode tap"],
  ];
  const results = await Promise.all(
    trials.map(async ([feature, command]) => {
      return (await canUnshare(["--net", "sh", "-c", command])) ? [] : [feature];
    }),
  );
  return results.flat();
}

const ownNamespaces = ["--user", "--map-current-user", "--mount", "--pid", "--fork", "--mount-proc", "true"];

async function canUnshare(args: readonly string[]): Promise<boolean> {
  const { failed } = await execa("unshare", args, { env: systemEnvironment, extendEnv: false, reject: false });
  return !failed;
}

/** Our own, left from a cloud that runs, do not count. */
function takenPorts(hostPorts: readonly number[]): { port: number; owner: string }[] {
  const ours = supervisorProcess(apiOnly ? "inside" : "host");
  const ourNamespace = ours === undefined ? undefined : processNamespace(ours);
  const taken = new Map<number, string>();
  for (const { state, port, address, inode } of tcpSockets("self")) {
    if (state !== "listening" || !hostPorts.includes(port) || !collides(address)) continue;
    const owner = socketOwner(inode);
    if (owner !== undefined && ourNamespace !== undefined && processNamespace(owner.pid) === ourNamespace) continue;
    const words = owner?.argv.join(" ").replace(/\s+/g, " ").slice(0, 80);
    taken.set(port, owner === undefined ? "another process" : `process ${owner.pid} (${words ?? ""})`);
  }
  return [...taken].map(([port, owner]) => ({ port, owner }));
}

/** Whether a listener there keeps us from 127.0.0.1; any IPv6 one may. */
function collides(address: string): boolean {
  return address === "127.0.0.1" || address === "0.0.0.0" || address.length === 32;
}

function readSystem(): MachineFacts["system"] {
  const text = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)`, "m").exec(text)?.[1] ?? "";
  return { id: field("ID"), version: field("VERSION_ID"), title: field("PRETTY_NAME") || "an unknown system" };
}

function freeBytes(path: string): number {
  if (!existsSync(path)) return freeBytes(dirname(path));
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

const gib = (bytes: number) => `${(bytes / GiB).toFixed(1)} GiB`;
