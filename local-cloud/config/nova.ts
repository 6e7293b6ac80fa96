import { join } from "node:path";
import { apiOnly } from "../cloudKind.ts";
import { etc, namespace, state } from "../paths.ts";
import { ports } from "../ports.ts";
import { type ConfigFile, type Program, quote } from "../program.ts";
import type { OptionalService } from "../optionalService.ts";
import type { Secrets } from "../secrets.ts";
import { type Ini, ini, mergeIni } from "./ini.ts";
import { pasteFile } from "./pasteFile.ts";
import { database, login, messaging, RPC_RESPONSE_TIMEOUT, tokenCheck } from "./shared.ts";

export const novaState = join(state, "nova");
export const novaConf = join(etc, "nova.conf");
const novaDatabaseConf = join(etc, "nova-database.conf");
/** For nova-manage. */
export const novaOptions: readonly string[] = ["--config-file", novaConf, "--config-file", novaDatabaseConf];

/** Debian lacks an entry point for either API alone; together they would need a parent process that forks. */
const ownEntryPoints = join(import.meta.dirname, "../bin");

export function novaConfig(secrets: Secrets, services: readonly OptionalService[]): ConfigFile {
  const additions = services.map((service) => service.nova?.(secrets) ?? {});
  return { path: novaConf, text: ini(mergeIni(coreSettings(secrets), ...additions)) };
}

function coreSettings(secrets: Secrets): Ini {
  const { transportUrl, sections } = messaging(secrets);
  return {
    DEFAULT: {
      use_stderr: true,
      my_ip: "127.0.0.1",
      // Not the machine's name: see neutron.ts.
      host: namespace,
      state_path: novaState,
      instances_path: join(novaState, "instances"),
      enabled_apis: "osapi_compute,metadata",
      osapi_compute_listen: "127.0.0.1",
      metadata_listen: "127.0.0.1",
      osapi_compute_workers: 1,
      metadata_workers: 1,
      compute_driver: "libvirt.LibvirtDriver",
      force_raw_images: false,
      vif_plugging_timeout: 120,
      // What the cloud itself needs. Guests of a lab idle most of the time, and get memory only once they touch it.
      reserved_host_memory_mb: 4096,
      cpu_allocation_ratio: "16.0",
      ram_allocation_ratio: "2.0",
      disk_allocation_ratio: "20.0",
      allow_resize_to_same_host: true,
      shutdown_timeout: 3,
      resume_guests_state_on_host_boot: true,
      flat_injected: false,
      default_floating_pool: "public",
      block_device_allocate_retries_interval: 1,
      rpc_response_timeout: RPC_RESPONSE_TIMEOUT,
      transport_url: transportUrl,
    },
    ...sections,
    conductor: { workers: 1 },
    scheduler: { workers: 1 },
    filter_scheduler: {
      enabled_filters: [
        "ComputeFilter",
        "ComputeCapabilitiesFilter",
        "ImagePropertiesFilter",
        "ServerGroupAntiAffinityFilter",
        "ServerGroupAffinityFilter",
        "AggregateInstanceExtraSpecsFilter",
      ].join(","),
      track_instance_changes: false,
    },
    oslo_concurrency: { lock_path: join(novaState, "lock") },
    wsgi: { api_paste_config: pasteFile("nova", "api-paste.ini") },
    libvirt: {
      virt_type: "qemu",
      // A processor model costs emulated guests time and gives them nothing.
      cpu_mode: "none",
      hw_machine_type: "x86_64=pc",
      images_type: "qcow2",
      // Guests' disks are as durable as the machine: a power cut may damage them, `down` does not.
      disk_cachemodes: "file=unsafe",
      inject_partition: -2,
      num_pcie_ports: 0,
      swtpm_enabled: false,
      mem_stats_period_seconds: 0,
      rng_dev_path: "/dev/urandom",
      live_migration_inbound_addr: "127.0.0.1",
    },
    vnc: { enabled: false },
    serial_console: { enabled: false },
    ...privilegedHelpers(),
    key_manager: { backend: "nova.keymgr.conf_key_mgr.ConfKeyManager" },
    glance: { api_servers: `http://127.0.0.1:${ports.image}` },
    keystone_authtoken: tokenCheck("nova", secrets),
    service_user: { ...login("nova", secrets), send_service_user_token: true },
    placement: login("nova", secrets),
    neutron: {
      ...login("neutron", secrets),
      service_metadata_proxy: true,
      metadata_proxy_shared_secret: secrets.metadata,
    },
  };
}

/**
 * Nova is root already: its helpers (of Nova itself, os-vif and os-brick) need no sudo and no rootwrap, each of which takes a second to
 * start under load. https://docs.openstack.org/oslo.privsep/latest/reference/oslo_privsep.html
 */
function privilegedHelpers(): Ini {
  const helper = { helper_command: `/usr/bin/privsep-helper --config-file ${quote(novaConf)}` };
  return { nova_sys_admin: helper, vif_plug_linux_bridge_privileged: helper, privsep_osbrick: helper };
}

/** Apart, because nova-compute refuses to start when it sees database settings. */
export function novaDatabaseConfig(secrets: Secrets): ConfigFile {
  return {
    path: novaDatabaseConf,
    text: ini({
      api_database: database("nova_api", "nova", secrets),
      database: database("nova", "nova", secrets),
    }),
  };
}

export function novaCompute(secrets: Secrets, services: readonly OptionalService[]): Program {
  const program = apiOnly ? python("nova-compute-without-guests") : "/usr/bin/nova-compute";
  return daemon("nova-compute", program, [novaConfig(secrets, services)]);
}

export function novaApi(secrets: Secrets, services: readonly OptionalService[]): Program {
  const configFiles = [novaConfig(secrets, services), novaDatabaseConfig(secrets)];
  return { ...daemon("nova-api", python("nova-api-os-compute"), configFiles), port: ports.compute };
}

export function novaSchedulers(secrets: Secrets, services: readonly OptionalService[]): Program[] {
  const configFiles = [novaConfig(secrets, services), novaDatabaseConfig(secrets)];
  return ["nova-conductor", "nova-scheduler"].map((name) => daemon(name, `/usr/bin/${name}`, configFiles));
}

/** Starts after the conductor: it would lose its first question to it and wait out the whole answer time. */
export function novaMetadata(secrets: Secrets, services: readonly OptionalService[]): Program {
  const configFiles = [novaConfig(secrets, services), novaDatabaseConfig(secrets)];
  return { ...daemon("nova-metadata", python("nova-api-metadata"), configFiles), port: 8775 };
}

function python(script: string): string {
  return `/usr/bin/python3 ${quote(join(ownEntryPoints, script))}`;
}

function daemon(name: string, program: string, configFiles: ConfigFile[]): Program {
  const options = configFiles.map(({ path }) => `--config-file ${quote(path)}`);
  return { name, command: [program, ...options].join(" "), where: "inside", configFiles };
}
