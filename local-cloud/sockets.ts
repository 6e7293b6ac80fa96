import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { listProcesses, type Process } from "./processes.ts";

/** A TCP socket as the kernel lists it. */
export interface TcpSocket {
  /** 127.0.0.1, 0.0.0.0, … or hexadecimal for IPv6 */
  address: string;
  port: number;
  remotePort: number;
  state: "listening" | "established" | "other";
  inode: string;
}

/** The sockets of the network that the process lives in. */
export function tcpSockets(pid: number | "self" = "self"): TcpSocket[] {
  return ["tcp", "tcp6"].flatMap((table) => {
    try {
      return parseTcpTable(readFileSync(`/proc/${pid}/net/${table}`, "utf8"));
    } catch {
      return []; // no IPv6, or the process is gone
    }
  });
}

/** Ports that somebody listens on, in the network that the process lives in. */
export function listeningPorts(pid: number | "self"): Set<number> {
  return new Set(
    tcpSockets(pid)
      .filter(({ state }) => state === "listening")
      .map(({ port }) => port),
  );
}

export function parseTcpTable(table: string): TcpSocket[] {
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, local = "", remote = "", state, , , , , , inode]) => {
      if (inode === undefined) return [];
      const [address = "", port = ""] = local.split(":");
      return {
        address: address.length === 8 ? ipv4(address) : address,
        port: parseInt(port, 16),
        remotePort: parseInt(remote.split(":")[1] ?? "", 16),
        state: state === "0A" ? "listening" : state === "01" ? "established" : "other",
        inode,
      };
    });
}

/** The kernel prints the four bytes as one number of the processor's own byte order, which is the reverse. */
function ipv4(hexadecimal: string): string {
  return (hexadecimal.match(/../g) ?? [])
    .reverse()
    .map((byte) => parseInt(byte, 16))
    .join(".");
}

/** Whose socket it is; undefined when no process we may look into holds it. */
export function socketOwner(inode: string): Process | undefined {
  const link = `socket:[${inode}]`;
  return listProcesses().find(({ pid }) => {
    try {
      return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === link);
    } catch {
      return false;
    }
  });
}
