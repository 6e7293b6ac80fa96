import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { supervisorProcess } from "./namespace.ts";
import type { Program } from "./program.ts";
import { listProcesses, type Process, processNamespace } from "./processes.ts";
import { tcpSockets } from "./sockets.ts";
import { programStates, type ProgramState } from "./supervisor.ts";

/** A supervised program as it is now. */
export interface Supervised {
  name: string;
  state: ProgramState["statename"];
  /** Its own process and all below it, numbered as the host does; empty when it does not run. */
  processes: Process[];
}

/** What a supervisor keeps running, and what else lives in its namespace of processes; undefined when it does not run. */
export async function supervised(
  where: Program["where"],
): Promise<{ programs: Supervised[]; others: Process[] } | undefined> {
  const supervisor = supervisorProcess(where);
  if (supervisor === undefined) return undefined;
  const states = await programStates(where);
  const namespace = processNamespace(supervisor);
  const members = listProcesses().filter(({ pid }) => processNamespace(pid) === namespace);
  const children = members
    .filter(({ parent }) => parent === supervisor)
    .map((process) => ({ process, number: innerNumber(process.pid) }));
  const programs = states.map(({ name, statename, pid }) => {
    const child = pid === 0 ? undefined : children.find(({ number }) => number === pid)?.process;
    return { name, state: statename, processes: child === undefined ? [] : family(child, members) };
  });
  const known = new Set(programs.flatMap(({ processes }) => processes.map(({ pid }) => pid)).concat(supervisor));
  return { programs, others: members.filter(({ pid }) => !known.has(pid)) };
}

/** Whether one of the processes has a connection to that port. */
export function isConnected(processes: readonly Process[], port: number): boolean {
  const [first] = processes;
  if (first === undefined) return false;
  const inodes = new Set(
    tcpSockets(first.pid)
      .filter(({ state, remotePort }) => state === "established" && remotePort === port)
      .map(({ inode }) => `socket:[${inode}]`),
  );
  return processes.some(({ pid }) => openFiles(pid).some((file) => inodes.has(file)));
}

/** Memory in bytes that would be free without it: pages shared with others count in part. */
export function memoryOf({ pid }: Process): number {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function family(root: Process, members: readonly Process[]): Process[] {
  return [root, ...members.filter(({ parent }) => parent === root.pid).flatMap((child) => family(child, members))];
}

/** Its number in the innermost namespace it lives in. */
function innerNumber(pid: number): number | undefined {
  try {
    const numbers = /^NSpid:\s+(.+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(numbers?.split("\t").at(-1));
  } catch {
    return undefined;
  }
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}
