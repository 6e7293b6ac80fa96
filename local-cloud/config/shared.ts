import { authUrl, region } from "../apis.ts";
import { portOffset } from "../cloudKind.ts";
import { ports } from "../ports.ts";
import type { Secrets, ServiceUser } from "../secrets.ts";
import type { Ini } from "./ini.ts";

type Section = Ini[string];

/** How a service logs in to Keystone as itself. */
export function login(user: ServiceUser, secrets: Secrets): Section {
  return {
    auth_type: "password",
    auth_url: authUrl,
    user_domain_name: "Default",
    project_domain_name: "Default",
    project_name: "service",
    username: user,
    password: secrets.services[user],
    region_name: region,
  };
}

/** How a service checks the tokens of its callers. */
export function tokenCheck(user: ServiceUser, secrets: Secrets): Section {
  return {
    ...login(user, secrets),
    www_authenticate_uri: authUrl,
    memcached_servers: `127.0.0.1:${ports.cache}`,
    service_token_roles_required: true,
  };
}

const databaseHost = portOffset === 0 ? "127.0.0.1" : `127.0.0.1:${ports.database}`;

/** @param owner whose password opens the database: Nova has several */
export function database(name: string, owner: keyof Secrets["databases"], secrets: Secrets): Section {
  return {
    connection: `mysql+pymysql://${owner}:${secrets.databases[owner]}@${databaseHost}/${name}?charset=utf8`,
    // One machine's worth of connections for each of a dozen daemons.
    max_pool_size: 5,
    max_overflow: 20,
    max_retries: -1,
  };
}

export function messaging(secrets: Secrets): { transportUrl: string; sections: Ini } {
  return {
    transportUrl: `rabbit://${RABBITMQ_USER}:${secrets.rabbitmq}@127.0.0.1:${ports.messages}/`,
    sections: {
      // Daemons start while RabbitMQ still does: ask again soon.
      oslo_messaging_rabbit: { rabbit_retry_interval: 1, kombu_reconnect_delay: 0.5 },
      oslo_messaging_notifications: { driver: "noop" },
    },
  };
}

export const RABBITMQ_USER = "openstack";

/**
 * One lost message costs its caller this long, and 60 s, the default, would hold up a whole class; the slowest answer we measured
 * on two cores took 6 s.
 */
export const RPC_RESPONSE_TIMEOUT = 20;
