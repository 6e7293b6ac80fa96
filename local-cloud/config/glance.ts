import { join } from "node:path";
import { etc, state } from "../paths.ts";
import { ports } from "../ports.ts";
import { type ConfigFile, type Program, quote } from "../program.ts";
import type { Secrets } from "../secrets.ts";
import { ini } from "./ini.ts";
import { pasteFile } from "./pasteFile.ts";
import { database, messaging, tokenCheck } from "./shared.ts";

export function glanceConfig(secrets: Secrets): ConfigFile {
  return {
    path: join(etc, "glance-api.conf"),
    text: ini({
      DEFAULT: {
        use_stderr: true,
        bind_host: "127.0.0.1",
        bind_port: ports.image,
        workers: 0,
        enabled_backends: "local:file",
        transport_url: messaging(secrets).transportUrl,
      },
      database: database("glance", "glance", secrets),
      glance_store: { default_backend: "local" },
      local: { filesystem_store_datadir: join(state, "glance/images") },
      os_glance_staging_store: { filesystem_store_datadir: join(state, "glance/staging") },
      os_glance_tasks_store: { filesystem_store_datadir: join(state, "glance/tasks") },
      oslo_messaging_notifications: { driver: "noop" },
      paste_deploy: { flavor: "keystone", config_file: pasteFile("glance", "glance-api-paste.ini") },
      keystone_authtoken: tokenCheck("glance", secrets),
    }),
  };
}

export function glance(secrets: Secrets): Program {
  const config = glanceConfig(secrets);
  return {
    name: "glance",
    command: `/usr/bin/glance-api --config-file ${quote(config.path)}`,
    where: "inside",
    port: ports.image,
    configFiles: [config],
  };
}
