import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { UserError } from "../../terminal/userError.ts";
import { writeConfig } from "../files.ts";
import { cache, etc, logs, state } from "../paths.ts";
import { listProcesses } from "../processes.ts";
import { type Program, quote } from "../program.ts";
import { relaySockets } from "../relays.ts";
import { debianMirror, guestArchive } from "./debianMirror.ts";

/** Where guests find the package cache: the only way out of the cloud's network, and only to Debian. */
export const aptCacheAddress = { host: "172.24.4.1", port: 3142 } as const;

const folder = join(etc, "apt-cacher-ng");
const packagesFolder = join(cache, "apt");
const logFolder = join(logs, "apt-cacher-ng");
const socket = join(relaySockets, "apt-cache.sock");
/** The host's port is remembered: another one would restart the cache at every `up`. */
const portFile = join(state, "apt-cache-port");
/** apt-cacher-ng's usual one is tried first. It takes none above 32767: "Error resolving address for binding". */
const firstPort = 3142;
const candidatePorts = Array.from({ length: 100 }, (_, offset) => firstPort + offset);

/**
 * apt-cacher-ng beside the cloud, with the host's network, and two relays that meet at a socket file which only root may open. Its
 * own socket does not speak the proxy protocol, hence a port of the host's loopback.
 */
export function aptCachePrograms(): Program[] {
  const port = rememberedPort() ?? firstPort;
  const { host, port: guestPort } = aptCacheAddress;
  return [
    {
      name: "apt-cache",
      command: `/usr/sbin/apt-cacher-ng -c ${quote(folder)}`,
      where: "host",
      port,
      configFiles: [{ path: join(folder, "acng.conf"), text: settings(port) }],
    },
    {
      name: "apt-cache-relay-host",
      command: `/usr/bin/socat -t 60 UNIX-LISTEN:${quote(socket)},fork,unlink-early,mode=600 TCP:127.0.0.1:${port}`,
      where: "host",
    },
    {
      name: "apt-cache-relay-inside",
      command: `/usr/bin/socat -t 60 TCP-LISTEN:${guestPort},bind=${host},fork,reuseaddr UNIX-CONNECT:${quote(socket)}`,
      where: "inside",
      port: guestPort,
    },
  ];
}

/** To be called before the programs are asked for: chooses a port of the host's loopback that nobody else uses. */
export async function prepareAptCache(): Promise<void> {
  for (const path of [packagesFolder, logFolder]) mkdirSync(path, { recursive: true, mode: 0o700 });
  const ours = listProcesses().some(({ argv }) => argv[0] === "/usr/sbin/apt-cacher-ng" && argv.includes(folder));
  const remembered = rememberedPort();
  if (remembered !== undefined && (ours || (await isFree(remembered)))) return;
  for (const port of candidatePorts)
    if (await isFree(port)) {
      writeConfig({ path: portFile, text: `${port}\n` });
      return;
    }
  throw new UserError("no port of 127.0.0.1 from 3142 to 3241 is free for the cache of guests' packages", 1);
}

function rememberedPort(): number | undefined {
  const port = existsSync(portFile) ? Number(readFileSync(portFile, "utf8")) : undefined;
  return port !== undefined && candidatePorts.includes(port) ? port : undefined;
}

/** https://www.unix-ag.uni-kl.de/~bloch/acng/html/config-serv.html */
function settings(port: number): string {
  const mirror = debianMirror();
  const withoutScheme = (address: string) => address.replace(/^https?:\/\//, "");
  const proxy = hostProxy();
  return [
    "ForeGround: 1",
    "BindAddress: 127.0.0.1",
    `Port: ${port}`,
    `CacheDir: ${packagesFolder}`,
    `LogDir: ${logFolder}`,
    "VerboseLog: 0",
    "SupportDir: /usr/lib/apt-cacher-ng",
    // Guests ask for Debian's own addresses and get what this machine's mirror has.
    `Remap-debian: ${withoutScheme(guestArchive.main)} ; ${mirror.main}`,
    `Remap-security: ${withoutScheme(guestArchive.security)} ; ${mirror.security}`,
    // Nothing else: this is not a proxy to the internet.
    "ForceManaged: 1",
    "ReportPage:",
    ...(proxy === undefined ? [] : [`Proxy: ${proxy}`]),
    "",
  ].join("\n");
}

/** The proxy that apt of this machine uses, if it does. */
function hostProxy(): string | undefined {
  const configured = spawnSync("apt-config", ["shell", "proxy", "Acquire::http::Proxy"], { encoding: "utf8" });
  const proxy = /^proxy='(.*)'/m.exec(configured.stdout)?.[1] ?? process.env["http_proxy"];
  return proxy === "" || proxy?.toLowerCase() === "direct" ? undefined : proxy;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
