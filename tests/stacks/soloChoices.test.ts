import { describe, expect, it } from "vitest";
import type { Catalog } from "../../openstack/catalog.ts";
import { chooseFrom } from "../../stacks/soloChoices.ts";
import { parseSoloConfig } from "../../stacks/soloConfig.ts";

const catalog: Catalog = {
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
const instance = { image: "debian-12", flavor: "ds512M", network: "private" };

function choose(change: { instance?: object; providerNetwork?: object }, from: Catalog = catalog) {
  const config = parseSoloConfig({
    course: "dev",
    student: { id: "kim" },
    providerNetwork: change.providerNetwork ?? { name: "public", physicalNetwork: "public", cidr: "172.24.4.0/24" },
    selfServiceNetworks: { private: { cidr: "10.0.7.0/24" } },
    ingress: {},
    sshKeyFile: "~/.ssh/id",
    instances: { web1: { ...instance, ...change.instance } },
  });
  return chooseFrom(from, config);
}

describe("chooseFrom", () => {
  it("finds names and takes ids", () => {
    expect(choose({}).instances["web1"]).toEqual({ imageId: "i1", imageName: "debian-12", flavorId: "f2" });
    expect(choose({ instance: { image: "i3", loginUser: "x" } }).instances["web1"]?.imageId).toBe("i3");
    expect(choose({ providerNetwork: { existing: "campus" } }).existingNetworkId).toBe("n1");
    expect(choose({ instance: { flavor: "nodisk" } }).instances["web1"]?.flavorId).toBe("f3");
  });

  it.each([
    [
      { instance: { image: "debian-11" } },
      'instances.web1.image: "debian-11" is not an image of this cloud; it has debian-12, twin; did you mean "debian-12"?',
    ],
    [
      { instance: { flavor: "huge" } },
      'instances.web1.flavor: "huge" is not a flavor of this cloud; it has ds512M, m1.nano, nodisk',
    ],
    [{ instance: { image: "twin" } }, '"twin" is the name of 2 images; write the id of one: i2, i3'],
    [
      { providerNetwork: { existing: "public" } },
      'providerNetwork.existing: "public" is not an external network of this cloud; it has campus',
    ],
    [
      { instance: { flavor: "m1.nano" } },
      '"m1.nano" has 128 MiB RAM and 1 GiB disk, but the image "debian-12" needs 256 MiB and 2 GiB; large enough: ds512M, nodisk',
    ],
    [
      { instance: { image: "i2" } },
      'instances.web1.loginUser: the login user does not follow from the image name "twin"',
    ],
    [
      { instance: { web: "apache", userData: "#!/bin/sh" } },
      "instances.web1.userData: a web profile is user data already",
    ],
    [{ instance: { bootVolumeSizeGiB: 1 } }, "has 512 MiB RAM and 1 GiB disk"],
  ])("refuses %j", (change, reason) => {
    expect(() => choose(change)).toThrow(reason);
  });

  it("refuses to make a provider network that is there already, unless it is this stack's own", () => {
    const taken = { id: "n2", name: "public", external: true, tags: ["course:other"], physicalNetwork: "public" };
    expect(() => choose({}, { ...catalog, networks: [taken] })).toThrow(
      'the cloud already has the network "public" on the physical network "public"; to use it, write only { existing: public }',
    );
    const own = { ...taken, tags: ["course:dev", "student:kim", "managed-by:classroom"] };
    expect(choose({}, { ...catalog, networks: [own] }).existingNetworkId).toBeUndefined();
  });
});
