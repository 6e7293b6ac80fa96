import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { listeningPorts, parseTcpTable, socketOwner, tcpSockets } from "../../local-cloud/sockets.ts";

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0
   1: 0104180A:8F1C 010018AC:1628 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000000000000 20 4 30 10 -1
   2: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 06 00000000:00000000 00:00000000 00000000 0 0 0
`;

describe("parseTcpTable", () => {
  it("reads addresses, ports and states", () => {
    expect(parseTcpTable(table)).toEqual([
      { address: "127.0.0.1", port: 5000, remotePort: 0, state: "listening", inode: "4711" },
      { address: "10.24.4.1", port: 36636, remotePort: 5672, state: "established", inode: "4712" },
      { address: "0".repeat(32), port: 8080, remotePort: 0, state: "other", inode: "0" },
    ]);
  });
});

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

describe("the machine's sockets", () => {
  it("show who listens where", async () => {
    const port = await new Promise<number>((resolve) => {
      server = createServer().listen(0, "127.0.0.1", () => {
        const address = server?.address();
        resolve(typeof address === "object" ? (address?.port ?? 0) : 0);
      });
    });
    expect(listeningPorts("self")).toContain(port);
    const socket = tcpSockets().find((each) => each.port === port && each.state === "listening");
    expect(socket?.address).toBe("127.0.0.1");
    expect(socketOwner(socket?.inode ?? "")?.pid).toBe(process.pid);
  });

  it("have no owner when nobody holds them", () => {
    expect(socketOwner("0")).toBeUndefined();
  });
});
