import { join } from "node:path";
import { account, apiOnly } from "../cloudKind.ts";
import { etc, logs, sockets, state } from "../paths.ts";
import { ports } from "../ports.ts";
import { type Program, quote } from "../program.ts";
import type { Secrets } from "../secrets.ts";
import { ini } from "./ini.ts";
import { RABBITMQ_USER } from "./shared.ts";

export const mariadbData = join(state, "mariadb");
export const mariadbSocket = join(sockets, "mariadb.sock");
export const mariadbConfig = {
  path: join(etc, "mariadb.cnf"),
  text: ini({
    mariadbd: {
      user: account,
      datadir: mariadbData,
      socket: mariadbSocket,
      "pid-file": join(state, "mariadb.pid"),
      "bind-address": "127.0.0.1",
      port: ports.database,
      "skip-name-resolve": "ON",
      "skip-log-bin": "ON",
      performance_schema: "OFF",
      max_connections: 500,
      innodb_buffer_pool_size: "128M",
      innodb_log_file_size: "32M",
      // A commit reaches the kernel, not the disk: it survives the death of any process, and a power cut loses a second at most.
      innodb_flush_log_at_trx_commit: 2,
      innodb_flush_method: "O_DIRECT_NO_FSYNC",
      "character-set-server": "utf8mb3",
      "collation-server": "utf8mb3_general_ci",
    },
  }),
};

export const mariadb: Program = {
  name: "mariadb",
  command: `/usr/sbin/mariadbd ${quote(`--defaults-file=${mariadbConfig.path}`)}`,
  where: "inside",
  port: ports.database,
  configFiles: [mariadbConfig],
  supervisor: { stopwaitsecs: "30" },
};

/** Emptied at each start of the cloud: all it holds are messages between daemons that have since ended. */
export const rabbitmqData = join(state, "rabbitmq");

export function rabbitmq(secrets: Secrets): Program {
  const config = {
    path: join(etc, "rabbitmq.conf"),
    text: [
      `listeners.tcp.1 = 127.0.0.1:${ports.messages}`,
      `default_user = ${RABBITMQ_USER}`,
      `default_pass = ${secrets.rabbitmq}`,
      "log.console = true",
      "log.file = false",
      "vm_memory_high_watermark.absolute = 1GB",
      "disk_free_limit.absolute = 100MB",
      "",
    ].join("\n"),
  };
  const plugins = { path: join(etc, "rabbitmq-plugins"), text: "[].\n" };
  return {
    name: "rabbitmq",
    command: "/usr/lib/rabbitmq/bin/rabbitmq-server",
    where: "inside",
    port: ports.messages,
    environment: {
      HOME: rabbitmqData,
      RABBITMQ_NODENAME: "rabbit@localhost",
      RABBITMQ_MNESIA_BASE: join(rabbitmqData, "mnesia"),
      RABBITMQ_LOG_BASE: logs,
      RABBITMQ_CONFIG_FILE: config.path,
      RABBITMQ_ENABLED_PLUGINS_FILE: plugins.path,
      RABBITMQ_CONF_ENV_FILE: "/dev/null",
      ERL_EPMD_ADDRESS: "127.0.0.1",
      ...(apiOnly ? { ERL_EPMD_PORT: String(ports.erlangNames) } : {}),
      RABBITMQ_DIST_PORT: String(ports.erlangNode),
      // One scheduler that does not spin while idle, and no port beyond the loopback.
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
        "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
    },
    configFiles: [config, plugins],
    supervisor: { stopwaitsecs: "20" },
  };
}

export const memcached: Program = {
  name: "memcached",
  command: `/usr/bin/memcached -u ${quote(account)} -l 127.0.0.1 -p ${ports.cache} -m 64 -t 1`,
  where: "inside",
  port: ports.cache,
};
