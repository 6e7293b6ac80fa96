import type { PackageFamily } from "./cloudConfigPart.ts";
import { partUserData } from "./userData.ts";

/** Where the load balancer itself answers, with its instance's name: it then runs with its configuration, whether its members live or not. */
export const BALANCER_READY_PATH = "/load-balancer-ready.txt";

export type BalancerProtocol = "HTTP" | "TCP";
export type BalancerAlgorithm = "ROUND_ROBIN" | "LEAST_CONNECTIONS" | "SOURCE_IP";

/** How members are asked whether they live. */
export interface HealthMonitor {
  /** `HTTP` wants the answer 200, `TCP` only a connection. */
  type: BalancerProtocol;
  /** Seconds between two questions. */
  delaySeconds: number;
  /** Seconds until a question counts as not answered; at most `delaySeconds`. */
  timeoutSeconds: number;
  /** So many good answers in a row bring a member back, so many missing ones take it out; 1 to 10. */
  maxRetries: number;
  /** What is asked for, with `HTTP`. @default "/" */
  path?: string;
}

export interface HaproxyConfiguration {
  /** What {@link BALANCER_READY_PATH} answers; letters, digits, `.`, `_` and `-`. */
  instanceName: string;
  listener: { protocol: BalancerProtocol; port: number };
  algorithm: BalancerAlgorithm;
  members: readonly { name: string; address: string; port: number }[];
  /** Without it every member counts as alive. */
  monitor?: HealthMonitor | undefined;
}

/** HAProxy's words for Octavia's: https://docs.haproxy.org/2.6/configuration.html#4-balance */
const BALANCE: Record<BalancerAlgorithm, string> = {
  ROUND_ROBIN: "roundrobin",
  LEAST_CONNECTIONS: "leastconn",
  SOURCE_IP: "source",
};

/** Where the packages of both families read it from. */
const CONFIGURATION = "/etc/haproxy/haproxy.cfg";
/** The whole answer at {@link BALANCER_READY_PATH}, as HAProxy wants it in a file. */
export const READY_ANSWER = "/usr/local/share/classroom/load-balancer-ready.http";
/** Our own, kept apart until the package is there: a file in its place would make the installation ask. */
const WRITTEN = "/usr/local/share/classroom/haproxy.cfg";

/**
 * The haproxy.cfg of a load balancer, with words that every HAProxy since 1.5 knows: the images are of all ages. Deterministic: the same
 * arguments give the same text for ever.
 */
export function haproxyConfig(configuration: Omit<HaproxyConfiguration, "instanceName">): string {
  const { listener, algorithm, members, monitor } = configuration;
  const http = listener.protocol === "HTTP";
  return [
    "global",
    "    log /dev/log local0 notice",
    "    user haproxy",
    "    group haproxy",
    "    maxconn 2000",
    "",
    "defaults",
    "    log global",
    `    mode ${listener.protocol.toLowerCase()}`,
    "    timeout connect 5s",
    "    timeout client 60s",
    "    timeout server 60s",
    "    option redispatch",
    ...(http ? ["    option forwardfor"] : []),
    "",
    "frontend listener",
    `    bind :${listener.port}`,
    ...(http ? [`    monitor-uri ${BALANCER_READY_PATH}`, `    errorfile 200 ${READY_ANSWER}`] : []),
    "    default_backend members",
    "",
    "backend members",
    `    balance ${BALANCE[algorithm]}`,
    ...monitorLines(monitor),
    ...members.map(({ name, address, port }) => `    server ${name} ${address}:${port}${checkWords(monitor)}`),
    "",
  ].join("\n");
}

function monitorLines(monitor: HealthMonitor | undefined): string[] {
  if (monitor === undefined) return [];
  const { type, timeoutSeconds, path = "/" } = monitor;
  return [
    `    timeout check ${timeoutSeconds}s`,
    ...(type === "HTTP" ? [`    option httpchk GET ${path}`, "    http-check expect status 200"] : []),
  ];
}

function checkWords(monitor: HealthMonitor | undefined): string {
  return monitor === undefined
    ? ""
    : ` check inter ${monitor.delaySeconds}s rise ${monitor.maxRetries} fall ${monitor.maxRetries}`;
}

/** What answers at {@link BALANCER_READY_PATH}: the instance's name. */
export function readyAnswer(instanceName: string): string {
  const headers = [
    "HTTP/1.0 200 OK",
    "Cache-Control: no-cache",
    "Connection: close",
    "Content-Type: text/plain",
    `Content-Length: ${Buffer.byteLength(instanceName)}`,
  ];
  return [...headers, "", instanceName].join("\r\n");
}

/** The cloud-config of an instance that balances with HAProxy from the distribution's package; each step says on the console how it went. */
export function haproxyUserData(options: HaproxyConfiguration & { packageFamily: PackageFamily }): string {
  return partUserData({
    packages: ["haproxy"],
    write_files: [
      { path: WRITTEN, content: haproxyConfig(options) },
      { path: READY_ANSWER, content: readyAnswer(options.instanceName) },
    ],
    steps: [
      // cloud-init goes on when a package cannot be had; this names it instead of a later "unit not found".
      { name: "install-haproxy", command: ["sh", "-c", "command -v haproxy"] },
      { name: "configure-haproxy", command: ["install", "-m", "0644", WRITTEN, CONFIGURATION] },
      { name: "check-haproxy", command: ["haproxy", "-c", "-f", CONFIGURATION] },
      // SELinux lets HAProxy speak only to the ports of web servers: https://linux.die.net/man/8/haproxy_selinux
      ...(options.packageFamily === "rhel"
        ? [
            {
              name: "allow-connections",
              command: ["sh", "-c", "! selinuxenabled || setsebool -P haproxy_connect_any 1"],
            },
          ]
        : []),
      { name: "enable-haproxy", command: ["systemctl", "enable", "haproxy"] },
      { name: "start-haproxy", command: ["systemctl", "restart", "haproxy"] },
    ],
  });
}
