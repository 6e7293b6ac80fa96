import { createHmac } from "node:crypto";
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type AdminApi, ApiError } from "../adminApi.ts";
import { authUrl, region } from "../apis.ts";
import { portOffset } from "../cloudKind.ts";
import { ini } from "../config/ini.ts";
import { database, login, messaging, tokenCheck } from "../config/shared.ts";
import { idOf } from "../identity.ts";
import type { OptionalService } from "../optionalService.ts";
import { etc, namespace, state } from "../paths.ts";
import { ports } from "../ports.ts";
import { type ConfigFile, type Program, quote } from "../program.ts";
import type { Secrets } from "../secrets.ts";
import { waitUntil } from "../waitUntil.ts";

const port = 8004 + portOffset;
const folder = join(etc, "heat");
/** Where Heat looks for types and templates that an operator adds; empty. Debian's are in /etc/heat and name what is not here. */
const additions = join(state, "heat");

/** Whom templates' users belong to, and who makes them. */
const stackUsers = { domain: "heat", admin: "heat_domain_admin" } as const;

/** OpenStack's own orchestration, without the API of AWS CloudFormation beside it. */
export const heat: OptionalService = {
  name: "heat",
  description: `stacks of resources from templates (port ${port})`,
  note: "no CloudFormation API: no wait conditions or signals by signed URL (OS::Heat::WaitConditionHandle with TOKEN_SIGNAL works)",
  debianPackages: ["heat-api", "heat-engine", "python3-heatclient"],
  users: ["heat"],
  catalogue: [{ name: "heat", type: "orchestration", port, path: "/v1/%(project_id)s" }],
  schemas: (secrets) => [
    {
      name: "heat",
      owner: "heat",
      databases: ["heat"],
      from: { debianPackage: "python3-heat" },
      upgrade: [["heat-manage", ["--config-file", heatConfig(secrets).path, "db_sync"]]],
    },
  ],
  prepare: () => {
    mkdirSync(additions, { recursive: true, mode: 0o700 });
    return Promise.resolve();
  },
  programs: (secrets) => ({
    apis: [{ ...daemon("heat-api", secrets), port }],
    others: [daemon("heat-engine", secrets)],
  }),
  finish: async (api, secrets) => {
    await makeStackUsers(api, secrets);
    await waitUntil("heat-engine", () => engineIsUp(api), { seconds: 120 });
  },
};

function daemon(name: "heat-api" | "heat-engine", secrets: Secrets): Program {
  const config = heatConfig(secrets);
  return {
    name,
    command: `/usr/bin/${name} --config-file ${quote(config.path)}`,
    where: "inside",
    configFiles: [config, pipeline],
  };
}

function heatConfig(secrets: Secrets): ConfigFile {
  const { transportUrl, sections } = messaging(secrets);
  return {
    path: join(folder, "heat.conf"),
    text: ini({
      DEFAULT: {
        use_stderr: true,
        // Not the machine's name: see config/neutron.ts.
        host: namespace,
        // One for each core, as Neutron's; the default is 4 of 130 MiB each.
        num_engine_workers: availableParallelism(),
        // A class in one stack has more than the 1000 resources that are the default.
        max_resources_per_stack: -1,
        max_stacks_per_tenant: -1,
        environment_dir: additions,
        template_dir: additions,
        region_name_for_services: region,
        stack_user_domain_name: stackUsers.domain,
        stack_domain_admin: stackUsers.admin,
        stack_domain_admin_password: key("stack users", secrets),
        // It takes 32 characters.
        auth_encryption_key: key("stored credentials", secrets).slice(0, 32),
        transport_url: transportUrl,
      },
      ...sections,
      heat_api: { bind_host: "127.0.0.1", bind_port: port, workers: 1 },
      paste_deploy: { api_paste_config: pipeline.path },
      database: database("heat", "heat", secrets),
      cache: { enabled: true, backend: "dogpile.cache.memcached", memcache_servers: `127.0.0.1:${ports.cache}` },
      // It would give a name the id of an hour ago, though another network has that name now.
      resource_finder_cache: { caching: false },
      clients_keystone: { auth_uri: authUrl },
      // As whom Heat acts in others' stacks. The trust says in which project; another one beside it would be refused.
      trustee: { ...login("heat", secrets), project_name: undefined, project_domain_name: undefined },
      keystone_authtoken: tokenCheck("heat", secrets),
    }),
  };
}

/** Debian's, in /etc/heat, is for root alone. This is what there is in it for our one API. */
const pipeline: ConfigFile = {
  path: join(folder, "api-paste.ini"),
  text: ini({
    "pipeline:heat-api": {
      pipeline:
        "healthcheck cors request_id faultwrap http_proxy_to_wsgi versionnegotiation authurl authtoken context api",
    },
    "app:api": {
      "paste.app_factory": "heat.common.wsgi:app_factory",
      "heat.app_factory": "heat.api.openstack.v1:API",
    },
    "filter:healthcheck": { "paste.filter_factory": "oslo_middleware:Healthcheck.factory" },
    "filter:cors": { "paste.filter_factory": "oslo_middleware.cors:filter_factory", oslo_config_project: "heat" },
    "filter:request_id": { "paste.filter_factory": "oslo_middleware.request_id:RequestId.factory" },
    "filter:faultwrap": {
      "paste.filter_factory": "heat.common.wsgi:filter_factory",
      "heat.filter_factory": "heat.api.openstack:faultwrap_filter",
    },
    "filter:http_proxy_to_wsgi": { "paste.filter_factory": "oslo_middleware:HTTPProxyToWSGI.factory" },
    "filter:versionnegotiation": {
      "paste.filter_factory": "heat.common.wsgi:filter_factory",
      "heat.filter_factory": "heat.api.openstack:version_negotiation_filter",
    },
    "filter:authurl": { "paste.filter_factory": "heat.common.auth_url:filter_factory" },
    "filter:authtoken": { "paste.filter_factory": "keystonemiddleware.auth_token:filter_factory" },
    "filter:context": { "paste.filter_factory": "heat.common.context:ContextMiddleware_filter_factory" },
  }),
};

/** https://docs.openstack.org/heat/zed/install/install-debian.html#prerequisites */
async function makeStackUsers(api: AdminApi, secrets: Secrets): Promise<void> {
  const domain = await idOf(api, "domain", stackUsers.domain);
  const admin = await idOf(api, "user", stackUsers.admin, {
    domain_id: domain,
    password: key("stack users", secrets),
  });
  const role = await idOf(api, "role", "admin");
  await api.call("identity", "PUT", `/domains/${domain}/users/${admin}/roles/${role}`);
  for (const name of ["heat_stack_owner", "heat_stack_user"]) await idOf(api, "role", name);
}

const Services = z.object({ services: z.array(z.object({ binary: z.string(), status: z.string() })) });

/** Whether one of its workers has reported in. */
async function engineIsUp(api: AdminApi): Promise<boolean> {
  const answer = await api.call("orchestration", "GET", "/services").catch((error: unknown) => {
    // "All heat engines are down": they take a while to load.
    if (error instanceof ApiError && error.status === 503) return { services: [] };
    throw error;
  });
  const { services } = Services.parse(answer);
  return services.some(({ binary, status }) => binary === "heat-engine" && status === "up");
}

/** Of Heat's one key as many as it wants. */
function key(purpose: string, { keys }: Secrets): string {
  return createHmac("sha256", keys.heat).update(purpose).digest("hex");
}
