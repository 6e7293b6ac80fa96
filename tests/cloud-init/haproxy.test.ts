import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import {
  BALANCER_READY_PATH,
  haproxyConfig,
  haproxyUserData,
  READY_ANSWER,
  readyAnswer,
  type HaproxyConfiguration,
} from "../../cloud-init/haproxy.ts";

const configuration: HaproxyConfiguration = {
  instanceName: "dev-kim-lb",
  listener: { protocol: "HTTP", port: 80 },
  algorithm: "ROUND_ROBIN",
  members: [
    { name: "web1", address: "10.0.7.5", port: 80 },
    { name: "web2", address: "10.0.7.6", port: 8080 },
  ],
};
const monitor = { type: "HTTP" as const, delaySeconds: 5, timeoutSeconds: 3, maxRetries: 2, path: "/health" };
const cloudConfig = z.strictObject({
  package_update: z.literal(true),
  packages: z.array(z.string()),
  write_files: z.array(z.object({ path: z.string(), content: z.string(), permissions: z.string().optional() })),
  runcmd: z.array(z.array(z.string())),
});
const PATH = `${process.env["PATH"] ?? ""}:/usr/sbin`;
const haproxy = await execa("haproxy", ["-v"], { env: { PATH }, reject: false });
const missing = haproxy.exitCode === 0 ? "" : " (skipped: haproxy is not installed)";

describe("haproxy.cfg", () => {
  it("balances HTTP requests, and answers for itself at one path", () => {
    const lines = haproxyConfig(configuration)
      .split("\n")
      .map((line) => line.trim());
    for (const line of ["mode http", "bind :80", "balance roundrobin", "server web1 10.0.7.5:80"])
      expect(lines).toContain(line);
    expect(lines).toContain(`monitor-uri ${BALANCER_READY_PATH}`);
    expect(lines).toContain("server web2 10.0.7.6:8080");
    expect(haproxyConfig(configuration)).not.toContain("check");
  });

  it("balances TCP connections without looking into them, and asks whether members live", () => {
    const text = haproxyConfig({ ...configuration, listener: { protocol: "TCP", port: 5000 }, monitor });
    expect(text).toContain("mode tcp");
    expect(text).not.toContain("monitor-uri");
    expect(text).toContain("option httpchk GET /health");
    expect(text).toContain("timeout check 3s");
    expect(text).toContain("server web1 10.0.7.5:80 check inter 5s rise 2 fall 2");
  });

  it.each([
    ["ROUND_ROBIN", "roundrobin"],
    ["LEAST_CONNECTIONS", "leastconn"],
    ["SOURCE_IP", "source"],
  ] as const)("chooses by %s with %s", (algorithm, word) => {
    expect(haproxyConfig({ ...configuration, algorithm })).toContain(`balance ${word}\n`);
  });
});

describe("the user data of an instance with HAProxy", () => {
  const read = (packageFamily: "debian" | "rhel") =>
    cloudConfig.parse(parse(haproxyUserData({ ...configuration, packageFamily })));

  it("names every step, so that a failing one is named too", () => {
    expect(read("debian").packages).toEqual(["haproxy"]);
    expect(read("debian").runcmd.map(([command, step]) => [command, step])).toEqual([
      ["classroom-step", "install-haproxy"],
      ["classroom-step", "configure-haproxy"],
      ["classroom-step", "check-haproxy"],
      ["classroom-step", "enable-haproxy"],
      ["classroom-step", "start-haproxy"],
    ]);
    expect(read("rhel").runcmd.map(([, step]) => step)).toContain("allow-connections");
  });

  it("carries the configuration and the answer as they are, line ends included", () => {
    const contents = Object.fromEntries(read("debian").write_files.map(({ path, content }) => [path, content]));
    expect(contents["/usr/local/share/classroom/haproxy.cfg"]).toBe(haproxyConfig(configuration));
    expect(contents[READY_ANSWER]).toBe(readyAnswer("dev-kim-lb"));
    expect(readyAnswer("dev-kim-lb")).toMatch(/^HTTP\/1\.0 200 OK\r\n.*Content-Length: 10\r\n\r\ndev-kim-lb$/s);
  });

  it("is the same text every time", () => {
    const options = { ...configuration, packageFamily: "debian" as const };
    expect(haproxyUserData(options)).toBe(haproxyUserData({ ...options }));
  });
});

describe.skipIf(missing !== "")(`the real HAProxy${missing}`, () => {
  let folder: string;
  let servers: Server[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "haproxy-"));
    servers = [];
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    rmSync(folder, { recursive: true });
  });

  /** The configuration as it is, but on the loopback, with its answer in the folder, and as the present user unless that is root. */
  function written(options: HaproxyConfiguration): string {
    const answer = join(folder, "ready.http");
    const file = join(folder, "haproxy.cfg");
    writeFileSync(answer, readyAnswer(options.instanceName));
    const text = haproxyConfig(options).replace(READY_ANSWER, answer).replace("bind :", "bind 127.0.0.1:");
    writeFileSync(file, process.getuid?.() === 0 ? text : text.replace(/^ {4}(user|group) .*\n/gm, ""));
    return file;
  }

  async function serve(answer: string): Promise<number> {
    const server = createServer((_request, response) => response.end(answer));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return z.object({ port: z.number() }).parse(server.address()).port;
  }

  it.each(["HTTP", "TCP"] as const)(
    "finds nothing wrong with a %s listener, with any monitor and algorithm",
    async (protocol) => {
      for (const algorithm of ["ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP"] as const)
        for (const health of [undefined, monitor, { ...monitor, type: "TCP" as const }]) {
          const file = written({ ...configuration, listener: { protocol, port: 8080 }, algorithm, monitor: health });
          const { exitCode, stderr } = await execa("haproxy", ["-c", "-f", file], { env: { PATH }, reject: false });
          expect(`${exitCode} ${stderr.replace(/^\[NOTICE\].*$/gm, "").trim()}`).toBe("0 ");
        }
    },
  );

  it("gives each member its turn, leaves out a dead one, and answers for itself", async () => {
    const ports = [await serve("one"), await serve("two")];
    const gone = await serve("gone");
    const closing = servers.pop();
    await new Promise((resolve) => closing?.close(resolve));
    const free = await serve("free");
    const last = servers.pop();
    await new Promise((resolve) => last?.close(resolve));
    const file = written({
      ...configuration,
      listener: { protocol: "HTTP", port: free },
      members: [...ports, gone].map((port, index) => ({ name: `web${index}`, address: "127.0.0.1", port })),
      monitor: { type: "HTTP", delaySeconds: 1, timeoutSeconds: 1, maxRetries: 1 },
    });
    const running = execa("haproxy", ["-db", "-f", file], { env: { PATH }, reject: false });
    try {
      const get = async (path: string) => (await fetch(`http://127.0.0.1:${free}${path}`)).text();
      await untilAnswers(() => get(BALANCER_READY_PATH));
      expect(await get(BALANCER_READY_PATH)).toBe("dev-kim-lb");
      await pause(2_500);
      const answers = [await get("/"), await get("/"), await get("/"), await get("/")];
      expect(answers.toSorted()).toEqual(["one", "one", "two", "two"]);
      expect(answers[0]).not.toBe(answers[1]);
    } finally {
      running.kill();
      await running;
    }
  }, 30_000);
});

async function untilAnswers(ask: () => Promise<string>): Promise<void> {
  for (let tries = 0; ; tries++)
    try {
      await ask();
      return;
    } catch (error) {
      if (tries === 50) throw error;
      await pause(100);
    }
}
