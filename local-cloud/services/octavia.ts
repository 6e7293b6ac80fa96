import { createHmac } from "node:crypto";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { ini } from "../config/ini.ts";
import { database, login, messaging, tokenCheck } from "../config/shared.ts";
import { uwsgi } from "../config/uwsgi.ts";
import { systemEnvironment } from "../namespace.ts";
import type { OptionalService } from "../optionalService.ts";
import { etc, state } from "../paths.ts";
import { type ConfigFile, type Program, quote } from "../program.ts";
import type { Secrets } from "../secrets.ts";

const PORT = 9876;
const folder = join(etc, "octavia");
const own = join(state, "octavia");
const authority = { certificate: join(own, "ca.pem"), key: join(own, "ca.key") };

/** Octavia's whole API with its drivers that do nothing: each load balancer would be a guest of 1 GiB, of an image that we have not. */
export const octavia: OptionalService = {
  name: "octavia",
  description: "load balancers, as objects of the API: they become ACTIVE but carry no traffic (port 9876)",
  note: "no-op data path: virtual IPs are real ports, but nobody answers there and nothing is balanced",
  debianPackages: ["octavia-api", "octavia-worker", "python3-octaviaclient"],
  users: ["octavia"],
  catalogue: [{ name: "octavia", type: "load-balancer", port: PORT, path: "" }],
  prepare: makeAuthority,
  schemas: (secrets) => [
    {
      name: "octavia",
      owner: "octavia",
      databases: ["octavia"],
      from: { debianPackage: "octavia-api" },
      upgrade: [["octavia-db-manage", ["--config-file", octaviaConfig(secrets).path, "upgrade", "head"]]],
    },
  ],
  programs: (secrets) => ({ apis: [api(secrets)], others: [worker(secrets)] }),
};

function octaviaConfig(secrets: Secrets): ConfigFile {
  const { transportUrl, sections } = messaging(secrets);
  return {
    path: join(folder, "octavia.conf"),
    text: ini({
      DEFAULT: { use_stderr: true, transport_url: transportUrl },
      ...sections,
      oslo_messaging: { topic: "octavia_prov" },
      oslo_policy: { policy_file: policy.path },
      database: database("octavia", "octavia", secrets),
      api_settings: {
        bind_host: "127.0.0.1",
        bind_port: PORT,
        enabled_provider_drivers: "amphora:no-op",
        default_provider_driver: "amphora",
      },
      controller_worker: {
        workers: 1,
        client_ca: authority.certificate,
        amphora_driver: "amphora_noop_driver",
        compute_driver: "compute_noop_driver",
        network_driver: "classroom_driver",
        image_driver: "image_noop_driver",
        volume_driver: "volume_noop_driver",
        distributor_driver: "distributor_noop_driver",
        // What these name is never looked for.
        amp_flavor_id: "none",
        amp_boot_network_list: "none",
        amp_image_tag: "none",
        loadbalancer_topology: "SINGLE",
      },
      task_flow: { engine: "parallel", max_workers: 4 },
      health_manager: { heartbeat_key: key("heartbeat", secrets), bind_ip: "127.0.0.1" },
      certificates: {
        ca_certificate: authority.certificate,
        ca_private_key: authority.key,
        ca_private_key_passphrase: key("authority", secrets),
        // It takes 32 characters, no more and no fewer.
        server_certs_key_passphrase: key("certificates", secrets).slice(0, 32),
      },
      driver_agent: Object.fromEntries(
        ["status", "stats", "get"].map((name) => [`${name}_socket_path`, join(own, `${name}.sock`)]),
      ),
      keystone_authtoken: tokenCheck("octavia", secrets),
      service_auth: login("octavia", secrets),
    }),
  };
}

/** Every member of a project may have load balancers, where Octavia's own policy asks for roles that students would need besides. */
const policy: ConfigFile = {
  path: join(folder, "policy.yaml"),
  text: [
    '"load-balancer:admin": "role:admin"',
    '"load-balancer:read": "rule:load-balancer:admin or project_id:%(project_id)s"',
    '"load-balancer:read-global": "rule:load-balancer:admin"',
    '"load-balancer:write": "rule:load-balancer:admin or (role:member and project_id:%(project_id)s)"',
    '"load-balancer:read-quota": "rule:load-balancer:admin or project_id:%(project_id)s"',
    '"load-balancer:read-quota-global": "rule:load-balancer:admin"',
    '"load-balancer:write-quota": "rule:load-balancer:admin"',
    "",
  ].join("\n"),
};

/** Where Octavia finds its network driver: see the file's own words. */
const ownDriver = {
  PYTHONPATH: join(import.meta.dirname, "octavia/python"),
  PYTHONDONTWRITEBYTECODE: "1",
};

function api(secrets: Secrets): Program {
  const server = uwsgi("octavia", {
    script: join(import.meta.dirname, "../bin/octavia-wsgi"),
    port: PORT,
    processes: 1,
    threads: 4,
  });
  const config = octaviaConfig(secrets);
  return {
    name: "octavia-api",
    command: `/usr/bin/uwsgi --ini ${quote(server.path)}`,
    where: "inside",
    port: PORT,
    environment: { OCTAVIA_CONFIG: config.path, ...ownDriver },
    configFiles: [server, config, policy],
  };
}

function worker(secrets: Secrets): Program {
  const config = octaviaConfig(secrets);
  return {
    name: "octavia-worker",
    command: `/usr/bin/octavia-worker --config-file ${quote(config.path)}`,
    where: "inside",
    environment: ownDriver,
    configFiles: [config],
  };
}

/** Of Octavia's one key as many as it wants. */
function key(purpose: string, { keys }: Secrets): string {
  return createHmac("sha256", keys.octavia).update(purpose).digest("hex");
}

/** Would sign the certificates of load balancers; Octavia does not start without. */
async function makeAuthority(secrets: Secrets): Promise<void> {
  mkdirSync(own, { recursive: true, mode: 0o700 });
  if (existsSync(authority.certificate)) return;
  await execa(
    "/usr/bin/openssl",
    [
      ...["req", "-x509", "-newkey", "rsa:2048", "-passout", "stdin", "-days", "3650", "-subj", "/CN=octavia"],
      ...["-keyout", authority.key, "-out", `${authority.certificate}.new`],
    ],
    { input: `${key("authority", secrets)}\n`, env: systemEnvironment, extendEnv: false },
  );
  renameSync(`${authority.certificate}.new`, authority.certificate);
}
