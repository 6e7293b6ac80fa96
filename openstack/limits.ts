import { type AddressRoom, readAddressRoom } from "./addressRoom.ts";
import { type HostsRoom, readHostsRoom } from "./hostRoom.ts";
import { readDefaultQuotas, readProjectQuotas, type Quotas } from "./quotas.ts";
import type { Session } from "./session.ts";
import { readVolumeRoom } from "./volumeRoom.ts";

/** What a cloud has left for a class. */
export interface CloudLimits {
  /** Of the project that is logged in to; empty when it was not asked for. */
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

export interface LimitsQuestion {
  /** Whose addresses are counted. */
  networkIds: readonly string[];
  /** Whether anything is to be made in the project that is logged in to; without it, its quotas are not asked for. */
  usesProject: boolean;
}

/** Reads all limits that a class meets; changes nothing. */
export async function readLimits(session: Session, { networkIds, usesProject }: LimitsQuestion): Promise<CloudLimits> {
  const hosts = readHostsRoom(session);
  const volumeGiB = readVolumeRoom(session);
  // One after another: a small cloud's Neutron has one or two workers, and what waits there for its turn runs out of time.
  const ofNetwork = async () => {
    const project = usesProject ? await readProjectQuotas(session) : {};
    const newProject = await readDefaultQuotas(session);
    const addresses: CloudLimits["addresses"] = {};
    for (const id of new Set(networkIds)) addresses[id] = await readAddressRoom(session, id);
    return { project, newProject, addresses };
  };
  const [room, left, others] = await Promise.all([hosts, volumeGiB, ofNetwork()]);
  return { ...others, hosts: room, volumeGiB: left };
}
