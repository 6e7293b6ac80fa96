import { join } from "node:path";
import { linuxbridgeAgent } from "../ebtables/linuxbridgeAgent.ts";
import { etc, namespace, state } from "../paths.ts";
import { physicalNetworks, underlay } from "../physicalNetworks.ts";
import { ports } from "../ports.ts";
import { type ConfigFile, type Program, quote } from "../program.ts";
import type { NeutronAdditions, OptionalService } from "../optionalService.ts";
import type { Secrets } from "../secrets.ts";
import { type Ini, ini, mergeIni } from "./ini.ts";
import { pasteFile } from "./pasteFile.ts";
import { database, login, messaging, RPC_RESPONSE_TIMEOUT, tokenCheck } from "./shared.ts";

export const neutronState = join(state, "neutron");

const flatNetworks = physicalNetworks.map(({ name }) => name).join(",");
const bridgeMappings = physicalNetworks.map(({ name, bridge }) => `${name}:${bridge}`).join(",");

/** What the server and every agent read. */
export function neutronConfig(secrets: Secrets): ConfigFile {
  const { transportUrl, sections } = messaging(secrets);
  return {
    path: join(etc, "neutron.conf"),
    text: ini({
      DEFAULT: {
        use_stderr: true,
        // Not the machine's name: agents and ports are tied to it, and a laptop's name changes with the network it is in.
        host: namespace,
        core_plugin: "ml2",
        bind_host: "127.0.0.1",
        bind_port: ports.network,
        api_paste_config: pasteFile("neutron", "api-paste.ini"),
        state_path: neutronState,
        // One process for all, which two cores serve faster and in half the memory.
        api_workers: 0,
        rpc_workers: 0,
        rpc_state_report_workers: 0,
        // Clients that keep connections open would use up the default of 100.
        wsgi_default_pool_size: 1000,
        dhcp_agents_per_network: 1,
        l3_ha: false,
        router_distributed: false,
        notify_nova_on_port_status_changes: true,
        notify_nova_on_port_data_changes: true,
        send_events_interval: 1,
        rpc_response_timeout: RPC_RESPONSE_TIMEOUT,
        interface_driver: "linuxbridge",
        dns_domain: "cloud.internal.",
        transport_url: transportUrl,
      },
      // Without it Zed refuses the Linux bridge.
      experimental: { linuxbridge: true },
      // Everything runs as root: no sudo, no rootwrap.
      agent: { root_helper: "", root_helper_daemon: "", report_interval: 20 },
      oslo_concurrency: { lock_path: join(neutronState, "lock") },
      database: database("neutron", "neutron", secrets),
      keystone_authtoken: tokenCheck("neutron", secrets),
      nova: login("nova", secrets),
      ...oneThreadEach,
      ...sections,
      ...layer2,
    }),
  };
}

/**
 * What agents do as root, they do in helper processes. One with several threads hangs now and then for good, with "cannot switch to a different
 * thread" in the agent's log: the lock of its log is one of eventlet's, which knows green threads only. Two networks made at once were then
 * networks without DHCP until the agent was restarted. https://docs.openstack.org/oslo.privsep/latest/reference/oslo_privsep.html
 */
const oneThreadEach: Ini = Object.fromEntries(
  ["", "_dhcp_release", "_namespace", "_conntrack", "_link"].map((context) => [
    `privsep${context}`,
    { thread_pool_size: 1 },
  ]),
);

const layer2: Ini = {
  ml2: {
    type_drivers: "flat,vxlan,local",
    tenant_network_types: "vxlan",
    mechanism_drivers: "linuxbridge,l2population",
    extension_drivers: "port_security,qos",
  },
  ml2_type_flat: { flat_networks: flatNetworks },
  ml2_type_vxlan: { vni_ranges: "1:4000" },
  securitygroup: { enable_security_group: true, enable_ipset: true, firewall_driver: "iptables" },
  linux_bridge: { bridge_mappings: bridgeMappings },
  vxlan: { enable_vxlan: true, local_ip: underlay.address, l2_population: true },
};

/** Root, as everything inside: it reads its leases in a folder that is closed to others. */
const dnsmasqConfig: ConfigFile = { path: join(etc, "dnsmasq.conf"), text: "user=root\ngroup=root\n" };

export function neutronServer(secrets: Secrets, services: readonly OptionalService[]): Program {
  const additions = services.flatMap((service) => service.neutron?.(secrets) ?? []);
  const plugins = ["router", "qos", "port_forwarding", "trunk"];
  const own = {
    path: join(etc, "neutron-server.conf"),
    text: ini(
      mergeIni(
        {
          DEFAULT: {
            service_plugins: [...plugins, ...additions.flatMap((each) => each.servicePlugins ?? [])].join(","),
          },
        },
        ...additions.map(({ server = {} }) => server),
      ),
    ),
  };
  return {
    ...daemon("neutron-server", "/usr/bin/neutron-server", [neutronConfig(secrets), own]),
    port: ports.network,
    environment: environmentOf(additions),
  };
}

export function neutronAgents(secrets: Secrets, services: readonly OptionalService[]): Program[] {
  const common = neutronConfig(secrets);
  const additions = services.flatMap((service) => service.neutron?.(secrets) ?? []);
  const agent = (name: string, sections: Ini, more: readonly ConfigFile[] = []) => {
    const own = { path: join(etc, `neutron-${name}.ini`), text: ini(sections) };
    const program = daemon(`neutron-${name}`, `/usr/bin/neutron-${name}-agent`, [common, own]);
    return { ...program, configFiles: [common, own, ...more] };
  };
  return [
    daemon("neutron-linuxbridge", linuxbridgeAgent, [common]),
    agent(
      "dhcp",
      {
        DEFAULT: {
          // Guests on a network without a router reach the metadata service through DHCP's route.
          enable_isolated_metadata: true,
          // The namespace has no name server to ask.
          dnsmasq_local_resolv: false,
          dnsmasq_config_file: dnsmasqConfig.path,
          num_sync_threads: 4,
        },
      },
      [dnsmasqConfig],
    ),
    {
      ...agent(
        "l3",
        mergeIni(
          {
            DEFAULT: { agent_mode: "legacy" },
            agent: {
              extensions: ["port_forwarding", ...additions.flatMap((each) => each.l3Extensions ?? [])].join(","),
            },
          },
          ...additions.map(({ l3 = {} }) => l3),
        ),
        additions.flatMap(({ l3Files = [] }) => l3Files),
      ),
      environment: environmentOf(additions),
    },
    agent("metadata", {
      DEFAULT: {
        nova_metadata_host: "127.0.0.1",
        nova_metadata_port: 8775,
        metadata_proxy_shared_secret: secrets.metadata,
        metadata_workers: 0,
      },
      cache: { enabled: true, backend: "dogpile.cache.memory" },
    }),
  ];
}

function daemon(name: string, command: string, configFiles: ConfigFile[]): Program {
  const options = configFiles.map(({ path }) => `--config-file ${quote(path)}`);
  return { name, command: [command, ...options].join(" "), where: "inside", configFiles };
}

function environmentOf(additions: readonly NeutronAdditions[]): Record<string, string> {
  return Object.fromEntries(additions.flatMap(({ environment = {} }) => Object.entries(environment)));
}
