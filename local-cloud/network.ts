import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { release } from "node:os";
import { execa } from "execa";
import { UserError } from "../terminal/userError.ts";
import { kernelProblem } from "./machineCheck.ts";
import { inside, insideSupervisor, systemEnvironment } from "./namespace.ts";
import { namespace } from "./paths.ts";
import { physicalNetworks, publicResolver, underlay } from "./physicalNetworks.ts";

const BRIDGE_FILTER = "/proc/sys/net/bridge";
const host = { env: systemEnvironment, extendEnv: false } as const;

/** The namespace with its bridges: a network of its own, which no cable joins to the host's. */
export async function makeNetwork(): Promise<void> {
  await loadModules();
  await makeNamespace();
  if (!existsSync(BRIDGE_FILTER)) throw new UserError(kernelProblem("packet filters on bridges (br_netfilter)"), 1);
  await inside("sh", ["-euc", script()]);
}

export async function removeNetwork(): Promise<void> {
  if (existsSync(`/run/netns/${namespace}`))
    await execa("ip", ["netns", "delete", namespace], { ...host, reject: false });
  rmSync(`/run/netns/${namespace}`, { force: true });
}

async function makeNamespace(): Promise<void> {
  if (insideSupervisor() !== undefined) return;
  const { failed } = await execa("ip", ["netns", "exec", namespace, "true"], { ...host, reject: false });
  if (!failed) return;
  // Perhaps a name without a namespace, left by somebody killed between the two.
  rmSync(`/run/netns/${namespace}`, { force: true });
  await execa("ip", ["netns", "add", namespace], host);
}

function script(): string {
  const bridges = physicalNetworks.flatMap(({ bridge, gateways }) => [
    `[ -e /sys/class/net/${bridge} ] || ip link add ${bridge} type bridge forward_delay 0`,
    ...gateways.map((gateway) => `ip address replace ${gateway} dev ${bridge}`),
    `ip link set ${bridge} up`,
  ]);
  const { device, peer, address, prefixLength } = underlay;
  return [
    "ip link set lo up",
    `ip address replace ${publicResolver}/32 dev lo`,
    ...bridges,
    `[ -e /sys/class/net/${device} ] || ip link add ${device} type veth peer name ${peer}`,
    `ip address replace ${address}/${prefixLength} dev ${device}`,
    `ip link set ${device} up`,
    `ip link set ${peer} up`,
    // Guests of every physical network reach what the cloud offers on the gateway of another.
    "echo 1 > /proc/sys/net/ipv4/ip_forward",
    // Security groups see what crosses a bridge.
    `for f in iptables ip6tables; do echo 1 > ${BRIDGE_FILTER}/bridge-nf-call-$f; done`,
  ].join("\n");
}

/**
 * Loads what the kernel does not load by itself, where it has modules at all. br_netfilter would from then on pass the host's own
 * bridges through its firewall, so that is switched off again there; each namespace has a switch of its own.
 */
async function loadModules(): Promise<void> {
  if (!existsSync(`/lib/modules/${release()}`) || !existsSync("/usr/sbin/modprobe")) return;
  const switches = ["iptables", "ip6tables", "arptables"].map((table) => `${BRIDGE_FILTER}/bridge-nf-call-${table}`);
  const wereThere = switches.some((path) => existsSync(path));
  await execa("modprobe", ["--all", "bridge", "br_netfilter", "veth", "vxlan", "tun"], { ...host, reject: false });
  if (!wereThere)
    for (const path of switches)
      if (existsSync(path) && readFileSync(path, "utf8") !== "0\n") writeFileSync(path, "0\n");
}
