import { parsePorts } from "./securityRules.ts";
import type { FirewallRuleEntry } from "./serviceSchemas.ts";

export interface FirewallRule {
  /** What happens to what matches; `reject` tells the sender, `deny` does not. */
  action: "allow" | "deny" | "reject";
  protocol: "tcp" | "udp" | "icmp" | "any";
  /** Port at the destination, or the first of a range; only for tcp and udp. @default every port */
  destinationPort?: number;
  /** Last port of the range. @default the same as `destinationPort` */
  lastDestinationPort?: number;
  /** Address or network it comes from, e.g. `"10.0.7.0/24"`. @default anywhere */
  sourceIp?: string;
  /** Address or network it goes to. @default anywhere */
  destinationIp?: string;
}

/** Rules in their order, each under a name that follows from what it says. Of two that say the same the second decides nothing. */
export function firewallRules(entries: readonly FirewallRuleEntry[]): Record<string, FirewallRule> {
  return Object.fromEntries(
    entries.map((entry) => {
      const { action, protocol, port, from, to } = entry;
      const ports = port === undefined ? undefined : parsePorts(port);
      const range = ports === undefined || Array.isArray(ports) ? undefined : ports;
      const name = [
        action,
        port === undefined ? protocol : `${protocol}-${port}`,
        ...(from === undefined ? [] : ["from", from.replace("/", "-")]),
        ...(to === undefined ? [] : ["to", to.replace("/", "-")]),
      ].join("-");
      return [
        name,
        {
          action,
          protocol,
          ...(range === undefined ? {} : { destinationPort: range.port }),
          ...(range?.lastPort === undefined ? {} : { lastDestinationPort: range.lastPort }),
          ...(from === undefined ? {} : { sourceIp: from }),
          ...(to === undefined ? {} : { destinationIp: to }),
        },
      ];
    }),
  );
}
