/** Sizes that an instance takes of a host, e.g. vcpus, ramMiB, diskGiB. */
export interface InstanceSize {
  vcpus: number;
  ramMiB: number;
  /** The flavor's disk; 0 when the instance boots from a volume. */
  diskGiB: number;
}

export interface InstanceNeed extends InstanceSize {
  /** In the lab. */
  name: string;
  /** Availability zone it must be in. @default any */
  availabilityZone?: string;
}

/** A compute host that takes instances. A size that is undefined is not limited there, or not known. */
export interface Host {
  name: string;
  availabilityZone: string;
  free: Partial<InstanceSize>;
  /** Most that one instance may take. */
  largest: Partial<InstanceSize>;
}

export interface Placement {
  /** How many whole students find room. */
  students: number;
  /** Instance of the next student that finds none, and what it lacks on the host with the most memory left. */
  blocked: { instance: string; lacks: (keyof InstanceSize)[] } | undefined;
}

const SIZES = ["vcpus", "ramMiB", "diskGiB"] as const;

/**
 * Places students one after another, as Nova would: the largest instance first, each on the host with the most free memory. Nova's own
 * choice may differ in the order and by other rules of the scheduler, so this is a careful estimate, not a reservation.
 * https://docs.openstack.org/nova/latest/admin/scheduling.html#ramweigher
 *
 * @param mayUse whether an instance may be on a host, beyond its size
 * @param most no more students than this are tried
 */
export function placeStudents(
  instances: readonly InstanceNeed[],
  hosts: readonly Host[],
  mayUse: (instance: InstanceNeed, host: Host) => boolean,
  most: number,
): Placement {
  const rooms = hosts.map((host) => ({ host, free: { ...host.free } }));
  const largestFirst = instances.toSorted((a, b) => b.ramMiB - a.ramMiB || b.vcpus - a.vcpus || b.diskGiB - a.diskGiB);
  for (let students = 0; students < most; students += 1)
    for (const instance of largestFirst) {
      const allowed = rooms.filter(({ host }) => mayUse(instance, host));
      const room = roomiest(allowed.filter(({ host, free }) => lacking(instance, host, free).length === 0));
      if (room === undefined) {
        const best = roomiest(allowed);
        const lacks = best === undefined ? [] : lacking(instance, best.host, best.free);
        return { students, blocked: { instance: instance.name, lacks } };
      }
      for (const size of SIZES) if (room.free[size] !== undefined) room.free[size] -= instance[size];
    }
  return { students: most, blocked: undefined };
}

interface Room {
  host: Host;
  free: Partial<InstanceSize>;
}

function roomiest(rooms: readonly Room[]): Room | undefined {
  return rooms.reduce<Room | undefined>(
    (best, room) =>
      (room.free.ramMiB ?? Infinity) > (best?.free.ramMiB ?? (best ? Infinity : -Infinity)) ? room : best,
    undefined,
  );
}

function lacking(instance: InstanceSize, { largest }: Host, free: Partial<InstanceSize>): (keyof InstanceSize)[] {
  return SIZES.filter(
    (size) => instance[size] > (free[size] ?? Infinity) || instance[size] > (largest[size] ?? Infinity),
  );
}
