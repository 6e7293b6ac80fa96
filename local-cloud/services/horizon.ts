import { readFileSync } from "node:fs";
import { join } from "node:path";
import { authUrl } from "../apis.ts";
import { uwsgi } from "../config/uwsgi.ts";
import type { OptionalService } from "../optionalService.ts";
import { etc } from "../paths.ts";
import { type ConfigFile, quote } from "../program.ts";
import type { Secrets } from "../secrets.ts";

const port = 8088;
const folder = join(etc, "horizon-python");

/** Copies, so that a change of them restarts Horizon. */
const python = ["classroom_settings.py", "horizon_wsgi.py"].map((name): ConfigFile => ({
  path: join(folder, name),
  text: readFileSync(join(import.meta.dirname, "horizon", name), "utf8"),
}));

/** OpenStack in the browser. Other services' panels show once the catalogue has them. */
export const horizon: OptionalService = {
  name: "horizon",
  description: `dashboard in the browser, on http://127.0.0.1:${port}`,
  note: `http://127.0.0.1:${port}, domain "Default"`,
  debianPackages: ["openstack-dashboard", "python3-neutron-vpnaas-dashboard", "python3-octavia-dashboard"],
  hostPorts: [port],
  programs: (secrets) => {
    const server = uwsgi("horizon", {
      script: join(folder, "horizon_wsgi.py"),
      port,
      processes: 1,
      threads: 8,
      // Collected by Debian's package when it is installed.
      files: { "/static": "/var/lib/openstack-dashboard/static" },
    });
    const settings = horizonSettings(secrets);
    return {
      apis: [
        {
          name: "horizon",
          command: `/usr/bin/uwsgi --ini ${quote(server.path)}`,
          where: "inside",
          port,
          environment: {
            DJANGO_SETTINGS_MODULE: "classroom_settings",
            PYTHONPATH: folder,
            PYTHONDONTWRITEBYTECODE: "1",
            CLASSROOM_HORIZON_SETTINGS: settings.path,
          },
          configFiles: [server, settings, ...python],
        },
      ],
    };
  },
};

function horizonSettings(secrets: Secrets): ConfigFile {
  return {
    path: join(etc, "horizon.json"),
    text: JSON.stringify(
      {
        ALLOWED_HOSTS: ["127.0.0.1", "localhost"],
        SECRET_KEY: secrets.keys.horizon,
        OPENSTACK_HOST: "127.0.0.1",
        OPENSTACK_KEYSTONE_URL: authUrl,
        OPENSTACK_KEYSTONE_DEFAULT_DOMAIN: "Default",
        OPENSTACK_API_VERSIONS: { identity: 3, image: 2, volume: 3 },
        SESSION_ENGINE: "django.contrib.sessions.backends.cache",
        CACHES: {
          default: { BACKEND: "django.core.cache.backends.memcached.PyMemcacheCache", LOCATION: "127.0.0.1:11211" },
        },
        CONSOLE_TYPE: "AUTO",
        OPENSTACK_NEUTRON_NETWORK: {
          enable_router: true,
          enable_quotas: true,
          enable_fip_topology_check: true,
          enable_ha_router: false,
          enable_distributed_router: false,
          enable_ipv6: false,
          supported_vnic_types: ["*"],
        },
        TIME_ZONE: "UTC",
        LOGGING: {
          version: 1,
          disable_existing_loggers: false,
          handlers: { console: { class: "logging.StreamHandler" } },
          root: { handlers: ["console"], level: "WARNING" },
        },
      },
      null,
      2,
    ),
  };
}
