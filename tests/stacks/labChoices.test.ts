import { describe, expect, it } from "vitest";
import { type CloudOffer, chooseFrom } from "../../stacks/labChoices.ts";
import { catalog, instance, labWith } from "./labFixture.ts";

const offer: CloudOffer = {
  catalog,
  services: new Set(),
  roleIds: { member: "r1", reader: "r2" },
  computeHosts: ["host1", "host2"],
};

function choose(change: Parameters<typeof labWith>[0] & { instance?: object } = {}, from: Partial<CloudOffer> = {}) {
  const { instance: own = {}, ...rest } = change;
  const lab = labWith({ ...rest, student: { ...rest.student, instances: { web1: { ...instance, ...own } } } });
  return chooseFrom({ ...offer, ...from }, lab, "dev");
}

describe("chooseFrom", () => {
  it("finds names and takes ids", () => {
    const { images, flavors } = choose();
    expect(images["debian-12"]).toMatchObject({ id: "i1", name: "debian-12" });
    expect(flavors["ds512M"]).toMatchObject({ id: "f2" });
    expect(choose({ instance: { image: "i3", loginUser: "x" } }).images["i3"]?.id).toBe("i3");
    expect(choose({ instance: { flavor: "nodisk" } }).flavors["nodisk"]?.id).toBe("f3");
    expect(choose({ class: { providerNetworks: { public: { existing: "campus" } } } }).networkIds).toEqual({
      public: "n1",
    });
  });

  it("lets the lab call the cloud's things by other names", () => {
    const { images, flavors } = choose({
      class: {
        providerNetworks: { public: { existing: "campus" } },
        images: { UBUNTU1804: { existing: "debian-12" } },
        flavors: { "m1.xsmall": { existing: "ds512M" } },
      },
      instance: { image: "UBUNTU1804", flavor: "m1.xsmall" },
    });
    expect(images["UBUNTU1804"]).toMatchObject({ id: "i1", name: "debian-12" });
    expect(flavors["m1.xsmall"]?.id).toBe("f2");
  });

  it("asks the cloud nothing about what the class part makes", () => {
    const { images, flavors } = choose({
      class: {
        providerNetworks: { public: { existing: "campus" } },
        images: { "my-debian": { file: "debian.qcow2", minRamMiB: 512 } },
        flavors: { own: { vcpus: 1, ramMiB: 512, diskGiB: 3 } },
      },
      instance: { image: "my-debian", flavor: "own" },
    });
    expect(images["my-debian"]).toEqual({
      id: undefined,
      name: "my-debian",
      minDiskGiB: 0,
      minRamMiB: 512,
      loginUser: undefined,
    });
    expect(flavors["own"]?.id).toBeUndefined();
  });

  it("finds the roles of users, and the hosts of aggregates", () => {
    const project = { users: { stack1: { roles: ["member"] }, mgr1: { roles: ["reader"] } } };
    expect(choose({ student: { project } }).roleIds).toEqual({ member: "r1", reader: "r2" });
    expect(
      choose({ class: { providerNetworks: { public: { existing: "campus" } }, hostAggregates: { all: {} } } })
        .computeHosts,
    ).toEqual(["host1", "host2"]);
  });

  it.each([
    [
      { instance: { image: "debian-11" } },
      'student.instances.web1.image: "debian-11" is not an image of this cloud; it has debian-12, twin; did you mean "debian-12"?',
    ],
    [
      { instance: { flavor: "huge" } },
      'student.instances.web1.flavor: "huge" is not a flavor of this cloud; it has ds512M, m1.nano, nodisk',
    ],
    [{ instance: { image: "twin" } }, '"twin" is the name of 2 images; write the id of one: i2, i3'],
    [
      { class: { providerNetworks: { public: { existing: "outside" } } } },
      'class.providerNetworks.public.existing: "outside" is not an external network of this cloud; it has campus',
    ],
    [
      { instance: { flavor: "m1.nano" } },
      '"m1.nano" has 128 MiB RAM and 1 GiB disk, but the image "debian-12" needs 256 MiB and 2 GiB; large enough: ds512M, nodisk',
    ],
    [
      { instance: { image: "i2" } },
      'student.instances.web1.loginUser: the login user does not follow from the image name "twin"',
    ],
    [
      { instance: { flavor: "m1.nano", bootVolume: { sizeGiB: 1 } } },
      [
        '  student.instances.web1.bootVolume.sizeGiB: 1 GiB is less than the 2 GiB that the image "debian-12" needs; write at least 2',
        '  student.instances.web1.flavor: "m1.nano" has 128 MiB RAM, but the image "debian-12" needs 256 MiB; large enough: ds512M, nodisk',
      ].join("\n"),
    ],
    [
      { instance: { web: "docker", docker: { image: "" } } },
      'student.instances.web1.docker.image: "" is empty, has a space or begins with "-"',
    ],
    [
      { instance: { image: "i2", loginUser: "x", bootVolume: {} } },
      'student.instances.web1.bootVolume.sizeGiB: is missing; the image "twin" does not say how much it needs',
    ],
    [
      { student: { volumes: { data: { sizeGiB: 1 } } } },
      "student.volumes.data: needs volumes (Cinder), which this cloud does not have; on the local cloud: npm run cloud -- up --with cinder",
    ],
    [
      { student: { volumes: { root: { sizeGiB: 1, image: "debian-12" } } } },
      'student.volumes.root.sizeGiB: 1 GiB is less than the 2 GiB that the image "debian-12" needs; write at least 2',
    ],
    [
      { student: { project: { users: { kim: { roles: ["membr"] } } } } },
      'student.project.users.kim.roles: "membr" is not a role of this cloud; it has member, reader; did you mean "member"?',
    ],
    [
      { class: { hostAggregates: { rack: { hosts: ["host3"] } } } },
      'class.hostAggregates.rack.hosts: "host3" is not a compute host of this cloud; it has host1, host2; did you mean "host1"?',
    ],
    [
      { student: { project: { quotas: { ramMiB: 256 } } } },
      "student.project.quotas.ramMiB: 256 is less than the lab itself takes: 512",
    ],
  ])("refuses %j", (change, reason) => {
    expect(() => choose(change)).toThrow(reason);
  });

  it("asks no disk of a flavor where a volume is booted from", () => {
    const narrow = { id: "f4", name: "narrow", vcpus: 1, ramMiB: 256, diskGiB: 1 };
    const from: Partial<CloudOffer> = {
      catalog: { ...catalog, flavors: [...catalog.flavors, narrow] },
      services: new Set(["cinder"]),
    };
    const bootVolume = {};
    expect(choose({ instance: { flavor: "narrow", bootVolume } }, from).flavors["narrow"]?.id).toBe("f4");
    expect(() => choose({ instance: { flavor: "m1.nano", bootVolume } }, from)).toThrow(
      '"m1.nano" has 128 MiB RAM, but the image "debian-12" needs 256 MiB; large enough: ds512M, nodisk, narrow',
    );
  });

  it("refuses an address that Neutron would not let a student choose", () => {
    const shared = {
      class: {
        providerNetworks: { public: { existing: "campus" } },
        sharedNetworks: { shared: { cidr: "10.0.9.0/24" } },
      },
      instance: { network: "shared", fixedIp: "10.0.9.9" },
    };
    expect(() => choose({ ...shared, student: { project: {} } })).toThrow(
      'student.instances.web1.fixedIp: Neutron lets only the owner of "shared" choose addresses there, which is the class; leave it out',
    );
    expect(choose(shared).flavors["ds512M"]?.id).toBe("f2");
  });

  it("refuses to make a provider network that is there already, unless it is this course's own", () => {
    const taken = { id: "n2", name: "public", external: true, tags: ["course:other"], physicalNetwork: "public" };
    expect(() => choose({}, { catalog: { ...catalog, networks: [taken] } })).toThrow(
      'the cloud already has the network "public" on the physical network "public"; to use it, write only { existing: public }',
    );
    const own = { ...taken, tags: ["course:dev", "managed-by:classroom"] };
    expect(choose({}, { catalog: { ...catalog, networks: [own] } }).networkIds).toEqual({});
  });
});
