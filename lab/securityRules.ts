import { z } from "zod";
import { didYouMean } from "./didYouMean.ts";
import { blockProblems } from "./ipv4.ts";
import type { Problem } from "./problem.ts";

/** Rules by the names that Horizon gives them too. Ports are inclusive; none is every port. */
const NAMED = {
  ping: { protocol: "icmp" },
  "all-icmp": { protocol: "icmp" },
  ssh: { protocol: "tcp", port: 22 },
  http: { protocol: "tcp", port: 80 },
  https: { protocol: "tcp", port: 443 },
  "all-tcp": { protocol: "tcp" },
  "all-udp": { protocol: "udp" },
  tcp: { protocol: "tcp" },
  udp: { protocol: "udp" },
} as const satisfies Record<string, { protocol: "tcp" | "udp" | "icmp"; port?: number }>;
type Named = keyof typeof NAMED;

/** Everybody, everywhere: must be written out for what lets people log in. */
export const ANYWHERE = "anywhere";
const EVERY_ADDRESS = "0.0.0.0/0";
const LOGS_IN: readonly Named[] = ["ssh", "all-tcp", "tcp"];

const names = [
  "ping",
  "all-icmp",
  "ssh",
  "http",
  "https",
  "all-tcp",
  "all-udp",
  "tcp",
  "udp",
] as const satisfies Named[];
const named = z.enum(names);

const ruleSchema = z.strictObject({
  allow: named.describe(`One of ${names.join(", ")}`),
  ports: z
    .union([z.int(), z.string()])
    .optional()
    .describe('With tcp or udp: a port or a range, e.g. 8080 or "8000-8010"'),
  from: z
    .string()
    .optional()
    .describe(
      'Who may: "anywhere", a network of the lab by name, or an address range. Default: anywhere, but not for what SSH comes through',
    ),
});

/** A rule by its name alone, or with more to say. */
export const securityGroupSchema = z
  .array(z.union([named, ruleSchema]))
  .describe("What is let in: named rules, or { allow, ports, from }");
export type SecurityRule = z.output<typeof securityGroupSchema>[number];

/** As a security group's `ingress` has it, under a name that follows from what it says, so that the order of the list means nothing. */
export interface ResolvedRule {
  name: string;
  protocol: "tcp" | "udp" | "icmp";
  port?: number;
  lastPort?: number;
  remoteIpPrefix: string;
}

/** @param blocks the lab's networks by name, with their CIDR where it is known */
export function resolveRule(
  rule: SecurityRule,
  blocks: ReadonlyMap<string, string | undefined>,
): ResolvedRule | Problem[] {
  const { allow, ports, from } = typeof rule === "string" ? { allow: rule, ports: undefined, from: undefined } : rule;
  const preset: { protocol: "tcp" | "udp" | "icmp"; port?: number } = NAMED[allow];
  const range = ports === undefined ? { port: preset.port } : parsePorts(ports);
  const source = parseSource(from, LOGS_IN.includes(allow), blocks);
  const problems = [
    ...(ports !== undefined && allow !== "tcp" && allow !== "udp"
      ? [{ path: "ports", reason: `goes with tcp and udp only; "${allow}" has its own` }]
      : []),
    ...(Array.isArray(range) ? range : []),
    ...(Array.isArray(source) ? source : []),
  ];
  if (problems.length > 0 || Array.isArray(range) || Array.isArray(source)) return problems;
  const { port, lastPort } = { lastPort: undefined, ...range };
  return {
    name: ruleName(allow, ports, from),
    protocol: preset.protocol,
    ...(port === undefined ? {} : { port }),
    ...(lastPort === undefined ? {} : { lastPort }),
    remoteIpPrefix: source,
  };
}

function ruleName(allow: string, ports: string | number | undefined, from = ANYWHERE): string {
  const what = ports === undefined ? allow : `${allow}-${ports}`;
  return `${what}-from-${from.replace("/", "-")}`;
}

/** A port or an inclusive range. */
export function parsePorts(ports: string | number): { port: number; lastPort?: number } | Problem[] {
  const [first = "", last, ...rest] = String(ports).split("-");
  const [port, lastPort] = [Number(first), last === undefined ? undefined : Number(last)];
  const good = (number: number) => Number.isInteger(number) && number >= 1 && number <= 65_535;
  if (rest.length > 0 || !good(port) || (lastPort !== undefined && !good(lastPort)))
    return [
      { path: "ports", reason: `"${ports}" is not a port or a range; write 8080 or "8000-8010", from 1 to 65535` },
    ];
  if (lastPort !== undefined && lastPort < port)
    return [{ path: "ports", reason: `${lastPort} comes before ${port}; exchange them` }];
  return lastPort === undefined ? { port } : { port, lastPort };
}

function parseSource(
  from: string | undefined,
  logsIn: boolean,
  blocks: ReadonlyMap<string, string | undefined>,
): string | Problem[] {
  if (from === undefined && logsIn)
    return [
      {
        path: "from",
        reason: `is missing: say who may log in – a network of the lab, an address range, or ${ANYWHERE} for the whole world`,
      },
    ];
  if (from === undefined || from === ANYWHERE) return EVERY_ADDRESS;
  if (blocks.has(from)) {
    return (
      blocks.get(from) ?? [
        {
          path: "from",
          reason: `the addresses of "${from}" are not known here, because it exists already; write the range`,
        },
      ]
    );
  }
  if (/^\d/.test(from) && from.includes("/")) {
    const problems = blockProblems("from", from, 32);
    return problems.length > 0 ? problems : from;
  }
  const known = [ANYWHERE, ...blocks.keys()];
  return [
    {
      path: "from",
      reason: `"${from}" is neither a network of this lab (${known.slice(1).join(", ") || "there is none"}) nor a range${didYouMean(from, known)}`,
    },
  ];
}
