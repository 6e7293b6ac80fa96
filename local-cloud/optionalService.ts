import type { AdminApi } from "./adminApi.ts";
import type { CatalogueEntry } from "./apis.ts";
import type { Ini } from "./config/ini.ts";
import type { ConfigFile, Program } from "./program.ts";
import type { Schema } from "./schema.ts";
import type { Secrets, ServiceUser } from "./secrets.ts";

/**
 * A part of OpenStack beyond the core, there when it was asked for by name. What it says here about itself is all that the rest of
 * the local cloud knows of it; one file in services/ each.
 */
export interface OptionalService {
  /** As on the command line. */
  name: string;
  /** One line of help. */
  description: string;
  /** What its users should know, shown by `status`: above all, what it cannot do here. */
  note?: string;
  /** Without what they merely recommend. */
  debianPackages: readonly string[];
  /** Users it has in Keystone; their passwords are `secrets.services`. A new name goes into the list in secrets.ts first. */
  users?: readonly ServiceUser[];
  /** Its endpoints, offered on the host's 127.0.0.1 under the same ports. They leave the catalogue with the service. */
  catalogue?: readonly CatalogueEntry[];
  /** Ports beside the catalogue's that the host's 127.0.0.1 offers as well: consoles, dashboards. */
  hostPorts?: readonly number[];
  /** Its tables, made one after the other when the core has its own. */
  schemas?: (secrets: Secrets) => readonly Schema[];
  /** Added to nova.conf, section by section. */
  nova?: (secrets: Secrets) => Ini;
  neutron?: (secrets: Secrets) => NeutronAdditions;
  /** @param services all that were chosen, for what depends on them, such as nova.conf */
  programs?: (secrets: Secrets, services: readonly OptionalService[]) => ServicePrograms;
  /** Folders, certificates and the like, before any configuration is written; at every `up`, so it makes only what is missing. */
  prepare?: (secrets: Secrets, report: (line: string) => void) => Promise<void>;
  /** Through the APIs, when all its programs run; at every `up`, so it makes only what is missing. */
  finish?: (api: AdminApi, secrets: Secrets, report: (line: string) => void) => Promise<void>;
}

export interface ServicePrograms {
  /** With a port that is offered on the host: started with the core's APIs, and waited for until they answer HTTP. */
  apis?: readonly Program[];
  /** Started when every API answers and Neutron's agents are there; waited for until they run and their ports, if any, listen. */
  others?: readonly Program[];
}

/** What a service adds to Neutron, which restarts only what it concerns: the server, the L3 agent. */
export interface NeutronAdditions {
  /** For service_plugins, after the core's. */
  servicePlugins?: readonly string[];
  /** Of the server alone. */
  server?: Ini;
  /** For the L3 agent's `[agent] extensions`, after the core's. */
  l3Extensions?: readonly string[];
  /** Of the L3 agent alone. */
  l3?: Ini;
  /** Files that the L3 agent reads beside its settings; a change restarts it. */
  l3Files?: readonly ConfigFile[];
  /** Of the server and the L3 agent, for example PYTHONPATH. */
  environment?: Record<string, string>;
}
