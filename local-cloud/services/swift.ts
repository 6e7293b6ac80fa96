import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { UserError } from "../../terminal/userError.ts";
import { type Ini, ini } from "../config/ini.ts";
import { login, tokenCheck } from "../config/shared.ts";
import { authUrl, region } from "../apis.ts";
import { systemEnvironment } from "../namespace.ts";
import type { OptionalService } from "../optionalService.ts";
import { etc, state } from "../paths.ts";
import { type ConfigFile, type Program, quote } from "../program.ts";
import type { Secrets } from "../secrets.ts";

const PORT = 8080;
/** Where Swift looks for its rings and for swift.conf. */
const folder = join(etc, "swift");
/** Each folder in it is a device; we have one. */
const devices = join(state, "swift");
const DEVICE = "d1";
const caches = join(state, "swift-cache");

/** The storage servers, by the ports in the rings. */
const storage = { account: 6202, container: 6201, object: 6200 } as const;
type Storage = keyof typeof storage;

/** Objects in a plain folder, one copy of each, by Swift's own API and by S3's. */
export const swift: OptionalService = {
  name: "swift",
  description: "object store: containers, public links, temporary URLs, S3 (port 8080)",
  note: "one copy of each object; deleted objects leave an empty file each",
  debianPackages: ["swift-proxy", "swift-account", "swift-container", "swift-object", "python3-swiftclient"],
  users: ["swift"],
  catalogue: [{ name: "swift", type: "object-store", port: PORT, path: "/v1/AUTH_%(project_id)s" }],
  prepare: makeRings,
  programs: (secrets) => ({
    apis: [{ ...server("proxy", [swiftConfig(secrets), proxyConfig(secrets)]), port: PORT }],
    others: [
      ...Object.entries(storage).map(([name, port]) => ({
        ...server(name, [swiftConfig(secrets), storageConfig(name, port)]),
        port,
      })),
      // Tells accounts how many objects their containers hold.
      daemon("container-updater", "container", [swiftConfig(secrets), storageConfig("container", storage.container)]),
      // Tells containers of objects that were written while the container server did not answer.
      daemon("object-updater", "object", [swiftConfig(secrets), storageConfig("object", storage.object)]),
    ],
  }),
};

/** Objects are found by hashes with these: changed, they would all be lost. */
function swiftConfig({ keys }: Secrets): ConfigFile {
  return {
    path: join(folder, "swift.conf"),
    text: ini({
      "swift-hash": { swift_hash_path_prefix: keys.swift, swift_hash_path_suffix: keys.swift },
      "storage-policy:0": { name: "Policy-0", default: "yes" },
    }),
  };
}

const common = {
  user: "root",
  swift_dir: folder,
  bind_ip: "127.0.0.1",
  // One process, none of its own beside it.
  workers: 0,
  // Standard error is enough: the machine's own log is none of our business.
  log_address: join(state, "no-syslog"),
};

/** The order of the pipeline decides: s3api must come after authtoken, or no signature is ever right. */
function proxyConfig(secrets: Secrets): ConfigFile {
  const plain = [
    ...["catch_errors", "gatekeeper", "healthcheck", "listing_formats", "bulk", "tempurl"],
    ...["staticweb", "copy", "slo", "dlo", "symlink"],
  ];
  const pipeline = [
    ...["catch_errors", "gatekeeper", "healthcheck", "cache", "listing_formats", "bulk", "tempurl"],
    ...["authtoken", "s3api", "s3token", "keystoneauth", "staticweb", "copy", "container-quotas", "account-quotas"],
    ...["slo", "dlo", "versioned_writes", "symlink", "proxy-server"],
  ];
  const filters: Ini = {
    authtoken: {
      "paste.filter_factory": "keystonemiddleware.auth_token:filter_factory",
      ...tokenCheck("swift", secrets),
      // Whoever has no token may still have a temporary URL, or read a public container.
      delay_auth_decision: true,
    },
    keystoneauth: {
      use: "egg:swift#keystoneauth",
      operator_roles: "admin, member",
      reseller_admin_role: "admin",
    },
    s3api: {
      use: "egg:swift#s3api",
      location: region,
      // Buckets are in the path: their names are nobody's host names.
      dns_compliant_bucket_names: false,
    },
    s3token: {
      use: "egg:swift#s3token",
      auth_uri: authUrl,
      // Keystone asks who asks.
      ...login("swift", secrets),
      // Not one question to Keystone for each request.
      secret_cache_duration: 60,
    },
    cache: { use: "egg:swift#memcache", memcache_servers: "127.0.0.1:11211" },
    versioned_writes: {
      use: "egg:swift#versioned_writes",
      allow_versioned_writes: true,
      allow_object_versioning: true,
    },
    "container-quotas": { use: "egg:swift#container_quotas" },
    "account-quotas": { use: "egg:swift#account_quotas" },
    ...Object.fromEntries(plain.map((name) => [name, { use: `egg:swift#${name}` }])),
  };
  return {
    path: join(folder, "proxy-server.conf"),
    text: ini({
      DEFAULT: { ...common, bind_port: PORT },
      "pipeline:main": { pipeline: pipeline.join(" ") },
      "app:proxy-server": { use: "egg:swift#proxy", account_autocreate: true },
      ...Object.fromEntries(Object.entries(filters).map(([name, settings]) => [`filter:${name}`, settings])),
    }),
  };
}

/**
 * An object is listed before its writer hears that it was written: whoever keeps locks here (Pulumi does) must see those of others. By
 * default the writer waits no longer than a second. In seconds, below the 10 after which the proxy gives the object server up:
 * https://docs.openstack.org/swift/latest/config/object_server_config.html
 */
const listedFirst = { container_update_timeout: 8, node_timeout: 8, conn_timeout: 2 };

/** What the daemons beside the servers do, in seconds between two rounds. */
const updaters: Record<string, Ini> = {
  container: { "container-updater": { interval: 60, recon_cache_path: caches } },
  // Seldom has anything to do, and each round costs half a second of CPU.
  object: { "object-updater": { interval: 60, recon_cache_path: caches } },
};

function storageConfig(name: string, port: number): ConfigFile {
  return {
    path: join(folder, `${name}-server.conf`),
    text: ini({
      DEFAULT: {
        ...common,
        bind_port: port,
        devices,
        // A folder, not a disk of its own.
        mount_check: false,
      },
      "pipeline:main": { pipeline: `${name}-server` },
      [`app:${name}-server`]: { use: `egg:swift#${name}`, ...(name === "object" ? listedFirst : {}) },
      ...updaters[name],
    }),
  };
}

function server(name: string, configFiles: ConfigFile[]): Program {
  return daemon(`${name}-server`, name, configFiles);
}

/** @param config whose <config>-server.conf it reads */
function daemon(command: string, config: string, configFiles: ConfigFile[]): Program {
  return {
    name: `swift-${command.replace(/-server$/, "")}`,
    // -v: to standard error as well.
    command: `/usr/bin/swift-${command} ${quote(join(folder, `${config}-server.conf`))} -v`,
    where: "inside",
    configFiles,
  };
}

/** Which server has what: with one of each, all of it. */
async function makeRings(): Promise<void> {
  for (const path of [folder, join(devices, DEVICE), caches]) mkdirSync(path, { recursive: true, mode: 0o700 });
  const kinds: Storage[] = ["account", "container", "object"];
  await Promise.all(kinds.map((kind) => makeRing(kind)));
}

/** https://docs.openstack.org/swift/latest/overview_ring.html: 2⁴ parts, one copy, and no waiting between changes. */
async function makeRing(kind: Storage): Promise<void> {
  const builder = join(folder, `${kind}.builder`);
  if (existsSync(join(folder, `${kind}.ring.gz`))) return;
  rmSync(builder, { force: true });
  const place = `r1z1-127.0.0.1:${storage[kind]}/${DEVICE}`;
  for (const args of [["create", "4", "1", "1"], ["add", place, "1"], ["rebalance"]]) {
    const { exitCode, all } = await execa("/usr/bin/swift-ring-builder", [builder, ...args], {
      env: systemEnvironment,
      extendEnv: false,
      all: true,
      reject: false,
    });
    // 1 is a warning.
    if (exitCode !== 0 && exitCode !== 1) throw new UserError(`swift-ring-builder ${args[0] ?? ""} failed:\n${all}`, 1);
  }
}
