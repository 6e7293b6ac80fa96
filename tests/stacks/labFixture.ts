import { stringify } from "yaml";
import type { Lab } from "../../lab/labSchema.ts";
import { parseLab, placedText } from "../../lab/parseLab.ts";
import type { Catalog } from "../../openstack/catalog.ts";

export const instance = { image: "debian-12", flavor: "ds512M", network: "private" };

interface Change {
  class?: object;
  student?: object;
}

/** A small lab, as it is written. */
export function labDocument(change: Change): object {
  return {
    lab: "small",
    title: "A small lab",
    class: {
      providerNetworks: { public: { physicalNetwork: "public", cidr: "172.24.4.0/24" } },
      ...change.class,
    },
    student: {
      networks: { private: { cidr: "10.0.7.0/24", dns: ["8.8.8.8"] } },
      routers: { router: { gateway: "public", interfaces: ["private"] } },
      instances: { web1: instance },
      ...change.student,
    },
  };
}

/** A small lab, checked like every other. */
export function labWith(change: Change = {}): Lab {
  const parsed = parseLab(stringify(labDocument(change)));
  if (!parsed.ok) throw new Error(placedText("lab.yaml", parsed.problems));
  return parsed.lab;
}

export const catalog: Catalog = {
  images: [
    { id: "i1", name: "debian-12", minDiskGiB: 2, minRamMiB: 256 },
    { id: "i2", name: "twin", minDiskGiB: 0, minRamMiB: 0 },
    { id: "i3", name: "twin", minDiskGiB: 0, minRamMiB: 0 },
  ],
  flavors: [
    { id: "f1", name: "m1.nano", vcpus: 1, ramMiB: 128, diskGiB: 1 },
    { id: "f2", name: "ds512M", vcpus: 1, ramMiB: 512, diskGiB: 5 },
    { id: "f3", name: "nodisk", vcpus: 1, ramMiB: 512, diskGiB: 0 },
  ],
  networks: [{ id: "n1", name: "campus", external: true, tags: [], physicalNetwork: "physnet1" }],
};
