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
