import { join } from "node:path";
import { etc, state } from "../paths.ts";
import { ports } from "../ports.ts";
import { type ConfigFile, type Program, quote } from "../program.ts";
import type { Secrets } from "../secrets.ts";
import { ini } from "./ini.ts";
import { database, messaging } from "./shared.ts";
import { uwsgi } from "./uwsgi.ts";

const folder = join(etc, "keystone");
const fernetKeys = join(state, "keystone/fernet-keys");

export function keystoneConfig(secrets: Secrets): ConfigFile {
  return {
    path: join(folder, "keystone.conf"),
    text: ini({
      DEFAULT: { use_stderr: true, transport_url: messaging(secrets).transportUrl },
      oslo_messaging_notifications: { driver: "noop" },
      cache: { enabled: true, backend: "dogpile.cache.memcached", memcache_servers: `127.0.0.1:${ports.cache}` },
      database: database("keystone", "keystone", secrets),
      token: { provider: "fernet", expiration: 86400 },
      fernet_tokens: { key_repository: fernetKeys },
      // Otherwise in /etc/keystone, where only root may write and `remove` does not look.
      fernet_receipts: { key_repository: fernetKeys },
      credential: { key_repository: join(state, "keystone/credential-keys") },
      // bcrypt's least cost, 250 ms less for each login: the passwords are 160 random bits, and students' are given out by us.
      identity: { password_hash_rounds: 4 },
    }),
  };
}

export function keystone(secrets: Secrets): Program {
  const server = uwsgi("keystone", {
    script: join(import.meta.dirname, "../bin/keystone-wsgi"),
    port: ports.identity,
    processes: 2,
    threads: 4,
  });
  return {
    name: "keystone",
    command: `/usr/bin/uwsgi --ini ${quote(server.path)}`,
    where: "inside",
    port: ports.identity,
    environment: { OS_KEYSTONE_CONFIG_DIR: folder, OS_KEYSTONE_CONFIG_FILES: "keystone.conf" },
    configFiles: [server, keystoneConfig(secrets)],
  };
}
