import type { CapacityInput } from "../course/capacity.ts";
import { addressesOf, capacityNeeds } from "../course/capacityNeeds.ts";
import type { InstanceSize } from "../course/placeStudents.ts";
import { bootImageOf } from "../lab/bootImage.ts";
import { courseTags } from "../lab/identity.ts";
import type { Lab } from "../lab/labSchema.ts";
import type { Problem } from "../lab/problem.ts";
import type { AddressRoom } from "../openstack/addressRoom.ts";
import type { Catalog } from "../openstack/catalog.ts";
import { readLimits } from "../openstack/limits.ts";
import { readRights } from "../openstack/rights.ts";
import type { Session } from "../openstack/session.ts";
import { readStudentsThere } from "../openstack/studentsThere.ts";
import { cloudOffer } from "./cloudOffer.ts";
import { choicesAndProblems, type CloudOffer, type LabChoices } from "./labChoices.ts";
import { rightsProblems, visiblePart } from "./rightsProblems.ts";

export interface CapacityQuestion {
  course: string;
  lab: Lab;
  /** In all. */
  students: number;
  /** Who they are; undefined for just any students, of whom those in the cloud are some. */
  ids: readonly string[] | undefined;
  /** Those of them who are to be made; the class is then these and whoever is there already. @default all of them */
  only?: readonly string[] | undefined;
  /** Seats that are kept free for students who are gone. @default 0 */
  keptSeats?: number;
  /** What the cloud offers for this lab. @default it is asked */
  offer?: CloudOffer | undefined;
}

/** Everything that decides whether a class fits into a cloud, and what the cloud does not offer or these credentials may not. Only reads. */
export async function readCapacity(
  session: Session,
  { course, lab, students, ids, only, keptSeats = 0, offer: known }: CapacityQuestion,
): Promise<{ input: CapacityInput; problems: Problem[] }> {
  const [rights, there] = await Promise.all([readRights(session), readStudentsThere(session, course)]);
  const visible = visiblePart(lab, rights);
  const offer = known ?? (await cloudOffer(session, visible));
  const { choices, problems } = choicesAndProblems(offer, visible, course);
  const networks = classNetworks(lab, offer.catalog, choices, course);
  const sized = withBootVolumeSizes(lab, choices);
  const tenancy = lab.student.project === undefined ? "shared" : "project";
  const complete = [...there].filter(
    ([id, has]) =>
      (ids === undefined || ids.includes(id)) &&
      has.networks >= Object.keys(lab.student.networks).length &&
      has.instances >= Object.keys(lab.student.instances).length,
  );
  const inAll = only === undefined ? students : new Set([...only, ...complete.map(([id]) => id)]).size;
  const needs = capacityNeeds(sized, {
    ...{ tenancy, keptSeats },
    sizeOf: (flavor): InstanceSize | undefined => choices.flavors[flavor],
    networksToMake: Object.entries(networks).flatMap(([name, { toMake }]) => (toMake ? [name] : [])),
  });
  const limits = await readLimits(session, {
    networkIds: Object.values(networks).flatMap(({ id }) => id ?? []),
    usesProject: tenancy === "shared" || Object.values(networks).some(({ toMake }) => toMake),
  });
  return {
    input: {
      ...{ students: inAll, alreadyThere: Math.min(inAll, complete.length), tenancy, needs },
      limits: {
        ...limits,
        addresses: Object.fromEntries(
          Object.entries(networks).map(([name, { id, room }]) => [name, room ?? limits.addresses[id ?? ""]]),
        ),
      },
    },
    problems: [...rightsProblems(lab, rights, session.user), ...problems],
  };
}

interface ClassNetwork {
  /** Of one that is there. */
  id: string | undefined;
  toMake: boolean;
  /** Of one that is still to be made, or whose subnet is. */
  room: AddressRoom | undefined;
}

/** The networks of the class: used, made by an earlier run, or still to be made. */
function classNetworks(
  { class: { providerNetworks, sharedNetworks } }: Lab,
  { networks }: Catalog,
  { networkIds }: LabChoices,
  course: string,
): Record<string, ClassNetwork> {
  const ours = networks.filter(({ tags }) => courseTags(course).every((tag) => tags.includes(tag)));
  const made = (
    name: string,
    subnet: { cidr?: string; pools?: string[] | undefined; dhcp: boolean },
    gate: boolean,
  ) => {
    const { id, withoutSubnet = false } = ours.find((network) => network.name === name) ?? {};
    // Neutron's DHCP service takes an address too.
    const total = addressesOf({ cidr: subnet.cidr ?? "", pools: subnet.pools }, gate);
    const isEmpty = id === undefined || withoutSubnet;
    const room = isEmpty ? { total, used: subnet.dhcp ? 1 : 0, exact: true } : undefined;
    return [name, { id, toMake: id === undefined, room }] as const;
  };
  return Object.fromEntries([
    ...Object.entries(providerNetworks).map(([name, { existing, cidr = "", pools, dhcp }]) =>
      existing === undefined
        ? made(name, { cidr, pools, dhcp }, true)
        : ([name, { id: networkIds[name], toMake: false, room: undefined }] as const),
    ),
    ...Object.entries(sharedNetworks).map(([name, subnet]) => made(name, subnet, false)),
  ]);
}

/** A boot volume whose size the lab leaves open is as large as the image needs. */
function withBootVolumeSizes(lab: Lab, { images }: LabChoices): Lab {
  const instances = Object.entries(lab.student.instances).map(([name, instance]) => {
    const sizeGiB = instance.bootVolume?.sizeGiB ?? images[bootImageOf(lab, instance) ?? ""]?.minDiskGiB;
    const bootVolume = instance.bootVolume === undefined || sizeGiB === undefined ? instance.bootVolume : { sizeGiB };
    return [name, { ...instance, bootVolume }] as const;
  });
  return { ...lab, student: { ...lab.student, instances: Object.fromEntries(instances) } };
}
