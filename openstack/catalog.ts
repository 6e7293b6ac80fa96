import { z } from "zod";
import type { Session } from "./session.ts";

/** What a cloud offers for instances to be made of. Names need not be unique; ids are. */
export interface Catalog {
  images: Image[];
  flavors: Flavor[];
  networks: Network[];
}

export interface Image {
  id: string;
  name: string;
  /** Smallest root disk in GiB and memory in MiB it can run with; 0 is no limit. */
  minDiskGiB: number;
  minRamMiB: number;
}

export interface Flavor {
  id: string;
  name: string;
  vcpus: number;
  ramMiB: number;
  /** 0 means as large as the image. */
  diskGiB: number;
}

export interface Network {
  id: string;
  name: string;
  external: boolean;
  tags: string[];
  /** Physical network of a provider network; shown to administrators only. */
  physicalNetwork: string | undefined;
  /** No address can be had of it yet. @default false */
  withoutSubnet?: boolean;
}

const imageSchema = z.object({
  id: z.string(),
  name: z.string().nullish(),
  min_disk: z.number().default(0),
  min_ram: z.number().default(0),
  disk_format: z.string().nullish(),
});
/** Kernels and ramdisks of other images: nothing boots from them alone. */
const PARTS = ["aki", "ari"];
const imagesSchema = z.object({ images: z.array(imageSchema), next: z.string().optional() });
const flavorsSchema = z.object({
  flavors: z.array(
    z.object({ id: z.string(), name: z.string(), vcpus: z.number(), ram: z.number(), disk: z.number() }),
  ),
});
const networksSchema = z.object({
  networks: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      "router:external": z.boolean().default(false),
      "provider:physical_network": z.string().nullish(),
      tags: z.array(z.string()).default([]),
      subnets: z.array(z.string()).optional(),
    }),
  ),
});

/** Reads what the cloud offers; changes nothing. */
export async function readCatalog(session: Session): Promise<Catalog> {
  const [images, { flavors }, { networks }] = await Promise.all([
    readImages(session),
    session.request("compute", "GET", "/flavors/detail?limit=1000", flavorsSchema),
    session.request("network", "GET", "/v2.0/networks", networksSchema),
  ]);
  return {
    images,
    flavors: flavors.map(({ id, name, vcpus, ram, disk }) => ({ id, name, vcpus, ramMiB: ram, diskGiB: disk })),
    networks: networks.map((network) => ({
      id: network.id,
      name: network.name,
      external: network["router:external"],
      tags: network.tags,
      physicalNetwork: network["provider:physical_network"] ?? undefined,
      ...(network.subnets?.length === 0 ? { withoutSubnet: true } : {}),
    })),
  };
}

/** Glance answers page by page. */
async function readImages(session: Session): Promise<Image[]> {
  const images: Image[] = [];
  for (let path: string | undefined = "/v2/images?limit=200&status=active"; path !== undefined;) {
    const page: z.infer<typeof imagesSchema> = await session.request("image", "GET", path, imagesSchema);
    images.push(
      ...page.images
        .filter(({ disk_format }) => !PARTS.includes(disk_format ?? ""))
        .map(({ id, name, min_disk, min_ram }) => ({
          id,
          name: name ?? id,
          minDiskGiB: min_disk,
          minRamMiB: min_ram,
        })),
    );
    path = page.next;
  }
  return images;
}

/** A host that runs instances. */
export interface ComputeHost {
  /** As a host aggregate takes it. */
  name: string;
  availabilityZone: string;
  /** Whether it reported lately. */
  up: boolean;
  /** Whether new instances may be placed on it. */
  enabled: boolean;
}

export interface AvailabilityZone {
  name: string;
  /** Whether any of its hosts can take instances. */
  available: boolean;
}

/** Ids of the roles that every domain knows, by name. Only administrators may list them. */
export async function readRoles(session: Session): Promise<Record<string, string>> {
  const schema = z.object({
    roles: z.array(z.object({ id: z.string(), name: z.string(), domain_id: z.string().nullish() })),
  });
  const { roles } = await session.request("identity", "GET", "/v3/roles", schema);
  return Object.fromEntries(roles.filter(({ domain_id }) => domain_id == null).map(({ id, name }) => [name, id]));
}

/** The hosts that run instances. Only administrators may list them. */
export async function readComputeHosts(session: Session): Promise<ComputeHost[]> {
  const schema = z.object({
    services: z.array(z.object({ host: z.string(), zone: z.string(), state: z.string(), status: z.string() })),
  });
  const { services } = await session.request("compute", "GET", "/os-services?binary=nova-compute", schema);
  return services.map(({ host, zone, state, status }) => ({
    name: host,
    availabilityZone: zone,
    up: state === "up",
    enabled: status === "enabled",
  }));
}

/** The availability zones that users may choose for instances. */
export async function readAvailabilityZones(session: Session): Promise<AvailabilityZone[]> {
  const schema = z.object({
    availabilityZoneInfo: z.array(z.object({ zoneName: z.string(), zoneState: z.object({ available: z.boolean() }) })),
  });
  const { availabilityZoneInfo: zones } = await session.request("compute", "GET", "/os-availability-zone", schema);
  return zones.map(({ zoneName, zoneState }) => ({ name: zoneName, available: zoneState.available }));
}

/** Names of the volume types that a volume may be made of. */
export async function readVolumeTypes(session: Session): Promise<string[]> {
  const schema = z.object({ volume_types: z.array(z.object({ name: z.string() })) });
  return (await session.request("volume", "GET", "/types", schema)).volume_types.map(({ name }) => name);
}

/** What this cloud's Neutron can do beyond networks, by the aliases of its extensions, e.g. `vpnaas`, `fwaas_v2`. */
export async function readNetworkExtensions(session: Session): Promise<string[]> {
  const schema = z.object({ extensions: z.array(z.object({ alias: z.string() })) });
  return (await session.request("network", "GET", "/v2.0/extensions", schema)).extensions.map(({ alias }) => alias);
}

/** Who is logged in, and with which roles in the project. */
export function readUser(session: Session): Promise<{ id: string; name: string; roles: string[] }> {
  return Promise.resolve(session.user);
}
