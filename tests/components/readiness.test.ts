import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { waitUntilReady, type InstanceToWaitFor, type ReadinessArgs } from "../../components/readiness.ts";
import { mockCloud, TYPES, type MockCloud } from "../support/mockCloud.ts";

let folder: string;
let cloud: MockCloud;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ready-"));
  cloud = await mockCloud();
});
afterEach(async () => {
  await cloud.drain();
  rmSync(folder, { recursive: true });
});

/** A command in the way of curl, so that nothing leaves this machine. */
function script(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Runs what the stack would run: the very command, standard input and environment of the resource. */
async function wait(args: ReadinessArgs, other: Partial<InstanceToWaitFor> = {}) {
  const instance = { instanceId: "vm-1", instanceName: "web1", address: "192.0.2.9", web: true, ...other };
  waitUntilReady("web1-ready", instance, args, {});
  await cloud.drain();
  const { create, stdin, environment } = cloud.only(TYPES.command);
  const env = z.record(z.string(), z.string()).parse(environment);
  const { exitCode, stdout, stderr } = await execa("/bin/sh", ["-c", String(create)], {
    input: String(stdin),
    env,
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

describe("the readiness command", () => {
  it("ends as soon as the page of this very instance answers", async () => {
    const reach = script("reach", 'case "$*" in *http://192.0.2.9/ready.txt) echo web1 ;; *) exit 1 ;; esac');
    expect(await wait({ reachCommand: reach })).toMatchObject({
      exitCode: 0,
      stdout: "web1 answers at 192.0.2.9 after 0 s",
    });
  });

  it("does not take another instance's page for its own", async () => {
    const { exitCode, stderr } = await wait({ reachCommand: script("reach", "echo web2"), timeoutSeconds: 1 });
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      "web1 does not answer at 192.0.2.9 after 1 s:\nno boot step failed; a security group, a missing route or a slow boot may be the cause",
    );
  });

  it("names the boot step that failed and what came before it, from the console log", async () => {
    const console = script(
      "console",
      'test "$1" = vm-1 && printf "boot\\r\\nno such image\\r\\nclassroom-step pull-image failed with exit code 1\\r\\nlogin:"',
    );
    const { exitCode, stderr } = await wait({
      reachCommand: script("reach", "exit 7"),
      consoleLogCommand: console,
      timeoutSeconds: 1,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      "web1 does not answer at 192.0.2.9 after 1 s:\nboot\nno such image\nclassroom-step pull-image failed with exit code 1",
    );
  });

  it("looks at another page where there is one", async () => {
    const reach = script("reach", 'case "$*" in *http://192.0.2.9:8080/ready) echo web1 ;; *) exit 1 ;; esac');
    expect(await wait({ reachCommand: reach }, { page: ":8080/ready" })).toMatchObject({ exitCode: 0 });
  });

  it("is content with a port that takes connections and says nothing", async () => {
    const taken: Socket[] = [];
    const { server, port } = await listening((socket) => taken.push(socket));
    expect(await wait({}, { address: "127.0.0.1", tcpPort: port })).toMatchObject({ exitCode: 0 });
    for (const socket of taken) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }, 20_000);

  it("is not content with a closed port", async () => {
    const { server, port } = await listening(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    const { exitCode, stderr } = await wait({ timeoutSeconds: 1 }, { address: "127.0.0.1", tcpPort: port });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("web1 does not answer at 127.0.0.1 after 1 s");
  });
});

/** A TCP server on the loopback, and its port. */
async function listening(onConnection: (socket: Socket) => void) {
  const server = createServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return { server, port };
}
