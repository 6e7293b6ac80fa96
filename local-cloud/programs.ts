import { standIns } from "./api-only/standIns.ts";
import { apiOnly } from "./cloudKind.ts";
import { glance } from "./config/glance.ts";
import { mariadb, memcached, rabbitmq } from "./config/infrastructure.ts";
import { keystone } from "./config/keystone.ts";
import { libvirtd, virtlogd } from "./config/libvirt.ts";
import { neutronAgents, neutronServer } from "./config/neutron.ts";
import { novaApi, novaCompute, novaMetadata, novaSchedulers } from "./config/nova.ts";
import { placement } from "./config/placement.ts";
import { guestPackagePrograms } from "./guest-packages/guestPackages.ts";
import { nameserver } from "./nameserver.ts";
import type { Program } from "./program.ts";
import type { OptionalService } from "./optionalService.ts";
import { relays } from "./relays.ts";
import type { Secrets } from "./secrets.ts";

/** The cloud's programs, by the order in which they start: each group needs the ones before it. */
export interface Programs {
  infrastructure: readonly Program[];
  apis: readonly Program[];
  /** They give up at once when their user is not in Keystone yet. */
  schedulers: readonly Program[];
  /** Started before neutron-server listens, an agent would lose its first message and wait out the whole answer time. */
  agents: readonly Program[];
  /** Of optional services, beside their APIs. */
  others: readonly Program[];
  /** Last: it resumes guests, which ask for their addresses as soon as they run. */
  compute: readonly Program[];
  /** What guests install from, and ask for names; depends on nothing and starts with the infrastructure, like the relays. */
  guestPackages: readonly Program[];
  relays: readonly Program[];
}

export function cloudPrograms(secrets: Secrets, services: readonly OptionalService[]): Programs {
  const optional = services.map((service) => {
    const { apis = [], others = [] } = service.programs?.(secrets, services) ?? {};
    const owned = (program: Program) => ({ ...program, service: service.name });
    return { apis: apis.map(owned), others: others.map(owned) };
  });
  const parts = apiOnly ? [standIns, ...services] : services;
  const core = [
    ...[keystone(secrets), placement(secrets), glance(secrets)],
    ...[neutronServer(secrets, parts), novaApi(secrets, parts)],
  ];
  return {
    infrastructure: [mariadb, rabbitmq(secrets), memcached, ...(apiOnly ? [] : [virtlogd, libvirtd])],
    apis: [...core, ...optional.flatMap(({ apis }) => apis)],
    schedulers: novaSchedulers(secrets, parts),
    agents: apiOnly ? [] : [novaMetadata(secrets, parts), ...neutronAgents(secrets, parts)],
    others: optional.flatMap(({ others }) => others),
    compute: [novaCompute(secrets, parts)],
    guestPackages: apiOnly ? [] : [...guestPackagePrograms(), nameserver()],
    relays: apiOnly ? [] : relays(services),
  };
}

export function allPrograms(programs: Programs): Program[] {
  const { infrastructure, apis, schedulers, agents, others, compute, guestPackages, relays } = programs;
  return [infrastructure, apis, schedulers, agents, others, compute, guestPackages, relays].flat();
}
