import { type AddressRoom, readAddressRoom } from "./addressRoom.ts";
import { type HostsRoom, readHostsRoom } from "./hostRoom.ts";
import { readDefaultQuotas, readProjectQuotas, type Quotas } from "./quotas.ts";
import type { Session } from "./session.ts";
import { readVolumeRoom } from "./volumeRoom.ts";

/** What a cloud has left for a class. */
export interface CloudLimits {
  /** Of the project that is logged in to. */
  project: Quotas;
  /** That a new project gets. */
  newProject: Quotas;
  /** By network id; undefined where these credentials see no addresses. */
  addresses: Record<string, AddressRoom | undefined>;
  /** undefined when these credentials may not see the hosts. */
  hosts: HostsRoom | undefined;
  /** GiB on the volume backends; undefined when these credentials may not see them. */
  volumeGiB: number | undefined;
}

/** Reads all limits that a class meets; changes nothing. */
export async function readLimits(session: Session, networkIds: readonly string[]): Promise<CloudLimits> {
  const [project, newProject, hosts, volumeGiB, addresses] = await Promise.all([
    readProjectQuotas(session),
    readDefaultQuotas(session),
    readHostsRoom(session),
    readVolumeRoom(session),
    Promise.all([...new Set(networkIds)].map(async (id) => [id, await readAddressRoom(session, id)] as const)),
  ]);
  return { project, newProject, hosts, volumeGiB, addresses: Object.fromEntries(addresses) };
}
