import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { AdminApi } from "../adminApi.ts";
import { region } from "../apis.ts";
import { ini } from "../config/ini.ts";
import { novaConf, novaState } from "../config/nova.ts";
import { database, login, messaging, RPC_RESPONSE_TIMEOUT, tokenCheck } from "../config/shared.ts";
import { SYSTEM_PATH } from "../namespace.ts";
import type { OptionalService } from "../optionalService.ts";
import { etc, namespace, state } from "../paths.ts";
import { type ConfigFile, type Program, quote } from "../program.ts";
import type { Secrets } from "../secrets.ts";
import { waitUntil } from "../waitUntil.ts";

const port = 8776;
const cinderState = join(state, "cinder");
const cinderConf = join(etc, "cinder.conf");
/** Where volumes are files; "exported" by NFS to ourselves. */
const share = join(cinderState, "share");

const own = join(import.meta.dirname, "cinder");

/** NFS without a server and without the kernel's client: see the scripts there. */
const mountPath = `${join(own, "bin")}:${SYSTEM_PATH}`;

/** Volumes as files, through Cinder's NFS driver: it needs neither a volume group nor a loop device of the host. */
export const cinder: OptionalService = {
  name: "cinder",
  description: "block storage: volumes, snapshots, boot from volume",
  debianPackages: ["cinder-api", "cinder-scheduler", "cinder-volume", "python3-cinderclient"],
  users: ["cinder"],
  // The name and type that OpenStack's clients of all ages look for.
  catalogue: [{ name: "cinderv3", type: "volumev3", port, path: "/v3/%(project_id)s" }],
  schemas: () => [
    {
      name: "cinder",
      owner: "cinder",
      databases: ["cinder"],
      from: { debianPackage: "python3-cinder" },
      upgrade: [["cinder-manage", ["--config-file", cinderConf, "db", "sync"]]],
    },
  ],
  nova: (secrets) => ({
    cinder: { ...login("nova", secrets), os_region_name: region },
    libvirt: { nfs_mount_point_base: join(novaState, "volumes") },
    nova_sys_admin: {
      helper_command: `/usr/bin/env ${quote(`PATH=${mountPath}`)} /usr/bin/privsep-helper --config-file ${quote(novaConf)}`,
    },
  }),
  programs: (secrets) => {
    const configFiles = [cinderConfig(secrets), shares, driver];
    const daemon = (name: string): Program => ({
      name,
      command: `/usr/bin/${name} --config-file ${quote(cinderConf)}`,
      where: "inside",
      configFiles,
      environment: { PATH: mountPath, PYTHONPATH: dirname(driver.path), PYTHONDONTWRITEBYTECODE: "1" },
    });
    return {
      apis: [{ ...daemon("cinder-api"), port }],
      others: [daemon("cinder-scheduler"), daemon("cinder-volume")],
    };
  },
  prepare: () => {
    for (const folder of [share, ...["mounts", "conversion", "lock"].map((name) => join(cinderState, name))])
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    return Promise.resolve();
  },
  finish: async (api) => {
    await waitUntil("Cinder's services", () => servicesAreUp(api), { seconds: 120 });
    await liftAdminQuotas(api);
  },
};

/** A copy, so that a change of it restarts Cinder. */
const driver: ConfigFile = {
  path: join(etc, "cinder-python/classroom_volumes.py"),
  text: readFileSync(join(own, "classroom_volumes.py"), "utf8"),
};

const shares: ConfigFile = { path: join(etc, "cinder-shares"), text: `127.0.0.1:${share}\n` };

function cinderConfig(secrets: Secrets): ConfigFile {
  const { transportUrl, sections } = messaging(secrets);
  // Root already: no sudo, no rootwrap.
  const helper = { helper_command: `/usr/bin/privsep-helper --config-file ${quote(cinderConf)}` };
  return {
    path: cinderConf,
    text: ini({
      DEFAULT: {
        use_stderr: true,
        my_ip: "127.0.0.1",
        // Not the machine's name: see config/neutron.ts.
        host: namespace,
        state_path: cinderState,
        image_conversion_dir: join(cinderState, "conversion"),
        osapi_volume_listen: "127.0.0.1",
        osapi_volume_listen_port: port,
        osapi_volume_workers: 1,
        api_paste_config: "/etc/cinder/api-paste.ini",
        auth_strategy: "keystone",
        enabled_backends: "nfs",
        glance_api_servers: "http://127.0.0.1:9292",
        rpc_response_timeout: RPC_RESPONSE_TIMEOUT,
        transport_url: transportUrl,
      },
      nfs: {
        volume_backend_name: "nfs",
        volume_driver: "classroom_volumes.NfsDriver",
        nfs_shares_config: shares.path,
        nfs_mount_point_base: join(cinderState, "mounts"),
        nfs_sparsed_volumes: true,
        nfs_snapshot_support: true,
        // The driver makes no snapshots with these on.
        nas_secure_file_operations: false,
        nas_secure_file_permissions: false,
        // A volume takes up what is written to it.
        max_over_subscription_ratio: "20.0",
      },
      ...sections,
      cinder_sys_admin: helper,
      privsep_osbrick: helper,
      database: database("cinder", "cinder", secrets),
      key_manager: { backend: "cinder.keymgr.conf_key_mgr.ConfKeyManager" },
      oslo_concurrency: { lock_path: join(cinderState, "lock") },
      keystone_authtoken: tokenCheck("cinder", secrets),
      service_user: { ...login("cinder", secrets), send_service_user_token: true },
      // A snapshot of a volume in use is made by Nova, whose guest writes to it.
      nova: login("cinder", secrets),
    }),
  };
}

const Services = z.object({ services: z.array(z.object({ binary: z.string(), state: z.string() })) });

async function servicesAreUp(api: AdminApi): Promise<boolean> {
  const { services } = Services.parse(await api.call("volumev3", "GET", "/os-services"));
  return ["cinder-scheduler", "cinder-volume"].every((binary) =>
    services.some((service) => service.binary === binary && service.state === "up"),
  );
}

/** As flavors.ts does for the core: other projects keep Cinder's defaults of 10 volumes, 10 snapshots and 1000 GiB. */
async function liftAdminQuotas(api: AdminApi): Promise<void> {
  await api.call("volumev3", "PUT", `/os-quota-sets/${api.projectId}`, {
    quota_set: { volumes: -1, snapshots: -1, gigabytes: -1, backups: -1, backup_gigabytes: -1 },
  });
}
