import { join } from "node:path";
import { guestArchive } from "./guest-packages/debianMirror.ts";
import { etc } from "./paths.ts";
import { physicalNetworks, publicResolver } from "./physicalNetworks.ts";
import { type ConfigFile, type Program, quote } from "./program.ts";

const addressOf = (gateway: string) => gateway.replace(/\/.*/, "");

/** The names it knows, with their addresses. */
export function cloudNames(): Map<string, string> {
  const [first] = physicalNetworks;
  const home = addressOf(first?.gateways[0] ?? "");
  return new Map([
    ["gateway.cloud.internal", home],
    // Guests need no address of it, because its one server is the proxy they ask; but a name in their sources.list should be one.
    [new URL(guestArchive.main).hostname, home],
    ...physicalNetworks.map(({ name, gateways }) => [`${name}.cloud.internal`, addressOf(gateways[0])] as const),
  ]);
}

/**
 * What a guest asks that was given 8.8.8.8 or its gateway for DNS. It knows the cloud's own names and denies all others at once,
 * as there is nothing that they could lead to. Neutron's DHCP servers lie in namespaces of their own, with port 53 to themselves.
 */
export function nameserver(): Program {
  const config: ConfigFile = { path: join(etc, "nameserver.conf"), text: settings() };
  return {
    name: "nameserver",
    command: `/usr/sbin/dnsmasq --keep-in-foreground ${quote(`--conf-file=${config.path}`)}`,
    where: "inside",
    port: 53,
    configFiles: [config],
  };
}

/** https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html */
function settings(): string {
  const addresses = [publicResolver, ...physicalNetworks.flatMap(({ gateways }) => gateways.map(addressOf))];
  return [
    "bind-interfaces",
    ...addresses.map((address) => `listen-address=${address}`),
    "pid-file=",
    "log-facility=-",
    "no-resolv",
    "no-hosts",
    ...[...cloudNames()].map(([name, address]) => `host-record=${name},${address}`),
    // "There is no such name" for the rest, where nobody to ask would be "I refuse", after which resolvers try again.
    "local=/#/",
    "local-ttl=60",
    "",
  ].join("\n");
}
