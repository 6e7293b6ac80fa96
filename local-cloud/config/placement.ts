import { join } from "node:path";
import { etc } from "../paths.ts";
import { ports } from "../ports.ts";
import { type ConfigFile, type Program, quote } from "../program.ts";
import type { Secrets } from "../secrets.ts";
import { ini } from "./ini.ts";
import { database, tokenCheck } from "./shared.ts";
import { uwsgi } from "./uwsgi.ts";

const folder = join(etc, "placement");

export function placementConfig(secrets: Secrets): ConfigFile {
  return {
    path: join(folder, "placement.conf"),
    text: ini({
      DEFAULT: { use_stderr: true },
      placement_database: { connection: database("placement", "placement", secrets)["connection"] },
      api: { auth_strategy: "keystone" },
      keystone_authtoken: tokenCheck("placement", secrets),
    }),
  };
}

export function placement(secrets: Secrets): Program {
  const server = uwsgi("placement", {
    script: "/usr/bin/placement-api",
    port: ports.placement,
    processes: 1,
    threads: 8,
  });
  return {
    name: "placement",
    command: `/usr/bin/uwsgi --ini ${quote(server.path)}`,
    where: "inside",
    port: ports.placement,
    environment: { OS_PLACEMENT_CONFIG_DIR: folder },
    configFiles: [server, placementConfig(secrets)],
  };
}
