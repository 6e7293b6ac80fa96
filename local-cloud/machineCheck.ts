import { existsSync, readFileSync, statfsSync } from "node:fs";
import { totalmem } from "node:os";
import { dirname } from "node:path";
import { execa } from "execa";
import { systemEnvironment, supervisorProcess } from "./namespace.ts";
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
  /** What the kernel cannot do; undefined while the tool to find out is not installed. */
  missingKernelFeatures: readonly string[] | undefined;
}

const GiB = 2 ** 30;
/** The cloud takes 3.5 GiB; a guest or two and the system need the rest. A machine "with 6 GiB" shows somewhat less. */
const NEEDED_MEMORY = 5.5 * GiB;
/** Packages 2.5, their download 0.4, images and databases 2, guests' disks as they fill. */
const NEEDED_DISK = { firstTime: 8 * GiB, installed: 1 * GiB };

/** @returns every reason why not, in words for the user; empty when the cloud can run. */
export function machineProblems(facts: MachineFacts): string[] {
  const { system, architecture, isRoot, memoryBytes, freeDiskBytes, installed, takenPorts } = facts;
  const problems: string[] = [];
  if (system.id !== "debian" || system.version !== "12")
    problems.push(
      `this is ${system.title}: the local cloud is made of Debian 12's own OpenStack packages and runs on Debian 12 only ` +
        "(Ubuntu carries other versions). Use Debian 12, in a virtual machine if need be, or an OpenStack you have already",
    );
  if (architecture !== "x64") problems.push(`this machine is ${architecture}: the local cloud runs on x86-64 only`);
  if (!isRoot)
    problems.push("this needs root, for packages and network namespaces: run it with sudo, as in: sudo npm start");
  if (memoryBytes < NEEDED_MEMORY)
    problems.push(`too little memory: the cloud needs about 6 GiB, this machine has ${gib(memoryBytes)}`);
  const neededDisk = installed ? NEEDED_DISK.installed : NEEDED_DISK.firstTime;
  if (freeDiskBytes < neededDisk)
    problems.push(`too little disk space for ${home}: ${gib(neededDisk)} needed, ${gib(freeDiskBytes)} free`);
  for (const { port, owner } of takenPorts)
    problems.push(`port ${port} of 127.0.0.1, which the cloud answers on, is taken by ${owner}: stop that first`);
  return problems.concat((facts.missingKernelFeatures ?? []).map(kernelProblem));
}

export function kernelProblem(feature: string): string {
  return `the kernel cannot make ${feature}: use Debian's own kernel (linux-image-amd64), or load the module`;
}

export async function gatherMachineFacts(hostPorts: readonly number[], installed: boolean): Promise<MachineFacts> {
  const isRoot = process.getuid?.() === 0;
  return {
    system: readSystem(),
    architecture: process.arch,
    isRoot,
    memoryBytes: totalmem(),
    freeDiskBytes: freeBytes(home),
    installed,
    // Others cannot see whose they are.
    takenPorts: isRoot ? takenPorts(hostPorts) : [],
    missingKernelFeatures: isRoot ? await missingKernelFeatures() : undefined,
  };
}

/** Tries each feature in a network namespace that vanishes with the trial. */
export async function missingKernelFeatures(): Promise<string[] | undefined> {
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
      const { failed } = await execa("unshare", ["--net", "sh", "-c", command], {
        env: systemEnvironment,
        extendEnv: false,
        reject: false,
      });
      return failed ? [feature] : [];
    }),
  );
  return results.flat();
}

/** Our own relays, left from a cloud that runs, do not count. */
function takenPorts(hostPorts: readonly number[]): { port: number; owner: string }[] {
  const ours = supervisorProcess("host");
  const ourNamespace = ours === undefined ? undefined : processNamespace(ours);
  return tcpSockets("self")
    .filter(({ state, port, address }) => state === "listening" && hostPorts.includes(port) && collides(address))
    .flatMap(({ port, inode }) => {
      const owner = socketOwner(inode);
      if (owner !== undefined && ourNamespace !== undefined && processNamespace(owner.pid) === ourNamespace) return [];
      return {
        port,
        owner: owner
          ? `process ${owner.pid} (${owner.argv.join(" ").replace(/\s+/g, " ").slice(0, 80)})`
          : "another process",
      };
    });
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
