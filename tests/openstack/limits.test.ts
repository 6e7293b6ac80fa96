import { afterEach, describe, expect, it } from "vitest";
import { readAddressRoom } from "../../openstack/addressRoom.ts";
import { readHostsRoom } from "../../openstack/hostRoom.ts";
import { readLimits } from "../../openstack/limits.ts";
import { readDefaultQuotas, readProjectQuotas } from "../../openstack/quotas.ts";
import { readRights } from "../../openstack/rights.ts";
import { readStudentsThere } from "../../openstack/studentsThere.ts";
import { readVolumeRoom } from "../../openstack/volumeRoom.ts";
import { capacityAnswers, memberAnswers, pool } from "../support/fakeCapacity.ts";
import { fakeOpenStack, type FakeOpenStack, type Offers } from "../support/fakeOpenStack.ts";
import { teacherSession } from "../support/teacherSession.ts";

let cloud: FakeOpenStack | undefined;
afterEach(() => cloud?.close());
const login = async (answers: Offers["answers"] = {}, more: Offers = {}) => {
  cloud = await fakeOpenStack({ ...more, answers });
  return teacherSession(cloud);
};
const says = (body: object) => () => ({ body });

describe("quotas", () => {
  it("reads limit and use of the project, with what is being made, under one set of names", async () => {
    const quotas = await readProjectQuotas(
      await login({
        ...capacityAnswers(),
        "GET /network/v2.0/quotas/p/details": says({ quota: { router: { limit: 10, used: 3, reserved: 2 } } }),
        "GET /volume/os-quota-sets/p?usage=true": says({
          quota_set: { id: "p", gigabytes: { limit: -1, in_use: 7, reserved: 1 } },
        }),
      }),
    );
    expect(quotas).toEqual({
      instances: { limit: 20, used: 2 },
      cores: { limit: 20, used: 2 },
      ramMiB: { limit: 8192, used: 2 },
      // Nova counts key pairs by user and says 0 for a project.
      keyPairs: { limit: 20, used: 3 },
      routers: { limit: 10, used: 5 },
      volumeGiB: { limit: -1, used: 8 },
    });
  });

  it("reads what a new project gets", async () => {
    const quotas = await readDefaultQuotas(await login(capacityAnswers({ defaultQuota: { floatingip: 1 } })));
    expect(quotas).toMatchObject({
      ...{ instances: { limit: 10, used: 0 }, ramMiB: { limit: 8192, used: 0 }, floatingIps: { limit: 1, used: 0 } },
      ...{ volumeGiB: { limit: 500, used: 0 }, largestVolumeGiB: { limit: 10, used: 0 } },
    });
  });

  it("leaves out what may not be asked, and fails for what is broken", async () => {
    const forbidden = () => ({ status: 403, body: {} });
    const some = await login({ ...capacityAnswers(), "GET /network/v2.0/quotas/p/default": forbidden });
    expect(Object.keys(await readDefaultQuotas(some))).not.toContain("routers");
    await cloud?.close();
    const broken = () => ({ status: 500, body: {} });
    const none = await login({ ...capacityAnswers(), "GET /network/v2.0/quotas/p/default": broken });
    await expect(readDefaultQuotas(none)).rejects.toThrow("answers 500");
  });
});

describe("addresses", () => {
  it("are what Neutron tells an administrator, IPv4 alone", async () => {
    const session = await login(capacityAnswers({ campus: { total: 100, used: 42 } }));
    expect(await readAddressRoom(session, "net-campus")).toEqual({ total: 100, used: 42, exact: true });
  });

  const seen = (subnets: object[]) => ({
    ...memberAnswers(),
    "GET /network/v2.0/subnets?network_id=net-campus&ip_version=4": says({ subnets }),
    "GET /network/v2.0/ports?network_id=net-campus&fields=fixed_ips": says({
      ports: [{ fixed_ips: [{ ip_address: "10.0.0.11" }, { ip_address: "fd00::1" }] }],
    }),
    "GET /network/v2.0/floatingips?floating_network_id=net-campus": says({
      floatingips: [{ floating_ip_address: "10.0.0.12" }, { floating_ip_address: "10.0.0.11" }],
    }),
    "GET /network/v2.0/routers": says({
      routers: [
        { external_gateway_info: { network_id: "net-campus", external_fixed_ips: [{ ip_address: "10.0.1.7" }] } },
        { external_gateway_info: { network_id: "elsewhere", external_fixed_ips: [{ ip_address: "10.0.0.13" }] } },
        { external_gateway_info: null },
      ],
    }),
  });

  it("are for anybody else those of the pools without the ones that can be seen, each once", async () => {
    const allocation_pools = [
      { start: "10.0.0.10", end: "10.0.0.19" },
      { start: "10.0.1.7", end: "10.0.1.7" },
    ];
    const session = await login(seen([{ allocation_pools }]));
    expect(await readAddressRoom(session, "net-campus")).toEqual({ total: 11, used: 3, exact: false });
  });

  it("are unknown where no subnet can be seen", async () => {
    expect(await readAddressRoom(await login(seen([])), "net-campus")).toBeUndefined();
  });
});

describe("compute hosts", () => {
  it("have what Placement says, overcommitted and without what is reserved, unless they are down", async () => {
    expect(await readHostsRoom(await login(capacityAnswers()))).toEqual({
      source: "placement",
      hosts: [
        {
          ...{ name: "c1", availabilityZone: "nova" },
          ...{ free: { vcpus: 30, ramMiB: 2560, diskGiB: 50 }, largest: { vcpus: 8, ramMiB: 4096, diskGiB: 50 } },
        },
        {
          ...{ name: "c2", availabilityZone: "nova" },
          ...{ free: { vcpus: 30, ramMiB: 3584, diskGiB: 50 }, largest: { vcpus: 8, ramMiB: 4096, diskGiB: 50 } },
        },
      ],
    });
  });

  it("have what the hypervisors say where Placement may not be asked", async () => {
    const session = await login({
      ...capacityAnswers(),
      "GET /placement/resource_providers": () => ({ status: 403, body: {} }),
    });
    const room = await readHostsRoom(session);
    expect(room?.source).toBe("nova");
    expect(room?.hosts[0]).toEqual({
      ...{ name: "c1", availabilityZone: "nova", free: { ramMiB: 3000, diskGiB: 40 }, largest: {} },
    });
  });

  it("have no room when they are taken away while we ask", async () => {
    const gone = () => ({ status: 404, body: {} });
    const path = "GET /placement/resource_providers/rp-c1/usages";
    const room = await readHostsRoom(await login({ ...capacityAnswers(), [path]: gone }));
    expect(room?.hosts[0]?.free).toMatchObject({ vcpus: 0, ramMiB: 0 });
  });

  it("cannot be seen by a student", async () => {
    expect(await readHostsRoom(await login(memberAnswers()))).toBeUndefined();
  });
});

describe("volume backends", () => {
  const pools = (...all: object[]) => ({ "GET /volume/scheduler-stats/get_pools?detail=true": says({ pools: all }) });

  it.each([
    ["without what is reserved", [pool(100, 60)], 50],
    [
      "thin ones by what may be promised",
      [
        pool(100, 60, {
          thin_provisioning_support: true,
          max_over_subscription_ratio: "20.0",
          provisioned_capacity_gb: 1500,
        }),
      ],
      500,
    ],
    [
      "thin ones by what is really free",
      [pool(100, 30, { thin_provisioning_support: true, max_over_subscription_ratio: 2, provisioned_capacity_gb: 0 })],
      40,
    ],
    ["all together", [pool(100, 60), pool(100, 20)], 60],
    [
      "without a bound",
      [pool(100, 60), { capabilities: { total_capacity_gb: "infinite", free_capacity_gb: "infinite" } }],
      Infinity,
    ],
  ])("have room %s", async (_what, all, room) => {
    expect(await readVolumeRoom(await login(pools(...all)))).toBe(room);
  });

  it("cannot be seen by a student", async () => {
    expect(await readVolumeRoom(await login(memberAnswers()))).toBeUndefined();
  });
});

describe("rights", () => {
  it("are an administrator's or not, by service, and are found by reading alone", async () => {
    expect(await readRights(await login(capacityAnswers()))).toEqual({ identity: true, compute: true, network: true });
    expect(cloud?.requests.filter((request) => !request.startsWith("GET "))).toEqual(["POST /v3/auth/tokens"]);
    await cloud?.close();
    const may = await readRights(
      await login({ ...capacityAnswers(), "GET /identity/v3/users?name=-": () => ({ status: 403, body: {} }) }),
    );
    expect(may).toEqual({ identity: false, compute: true, network: true });
    await cloud?.close();
    expect(await readRights(await login(memberAnswers()))).toEqual({ identity: false, compute: false, network: false });
  });
});

describe("the clock", () => {
  it.each([
    [-7, "behind"],
    [400, "ahead of"],
  ])("is %i s off when it is %s the cloud's", async (seconds) => {
    const session = await login({}, { issuedAt: new Date(Date.now() - seconds * 1000) });
    expect(Math.abs((session.clockAheadSeconds ?? NaN) - seconds)).toBeLessThan(3);
  });

  it("is compared by the answer's date where the token does not say when it was issued", async () => {
    expect((await login()).clockAheadSeconds).toBeLessThan(5);
  });
});

it("knows which students of a course are in the cloud, and what they have", async () => {
  const of = "tags=course%3Anet101%2Cmanaged-by%3Aclassroom";
  const tags = (student: string) => ["course:net101", "managed-by:classroom", `student:${student}`];
  const session = await login({
    [`GET /network/v2.0/ports?${of}&fields=tags&fields=device_id`]: says({
      ports: [
        { tags: tags("kim"), device_id: "vm-1" },
        { tags: tags("kim"), device_id: "vm-1" },
        { tags: tags("kim"), device_id: "vm-2" },
        { tags: tags("lee"), device_id: "" },
      ],
    }),
    [`GET /network/v2.0/networks?${of}&fields=tags`]: says({
      networks: [{ tags: tags("kim") }, { tags: tags("lee") }, { tags: ["course:net101", "managed-by:classroom"] }],
    }),
  });
  expect([...(await readStudentsThere(session, "net101"))]).toEqual([
    ["kim", { instances: 2, networks: 1 }],
    ["lee", { instances: 0, networks: 1 }],
  ]);
});

it("does not ask for quotas of a project that nothing is made in", async () => {
  const session = await login(capacityAnswers());
  const limits = await readLimits(session, { networkIds: ["net-campus", "net-campus"], usesProject: false });
  expect(limits.project).toEqual({});
  expect(limits.newProject.routers).toEqual({ limit: 10, used: 0 });
  expect(limits.addresses).toEqual({ "net-campus": { total: 100, used: 10, exact: true } });
  expect(cloud?.requests.filter((request) => request.includes("availabilities"))).toHaveLength(1);
  expect(cloud?.requests.filter((request) => /detail$|details$|usage=true/.test(request))).toEqual([
    "GET /compute/os-hypervisors/detail",
  ]);
});
