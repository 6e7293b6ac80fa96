import { afterEach, describe, expect, it } from "vitest";
import { type Inventory, type InventoryOptions, readInventory } from "../../openstack/inventory.ts";
import { courseAnswers, fixedAnswers, KIM_PROJECT, networkAnswers } from "../support/fakeCourse.ts";
import { fakeOpenStack, type FakeOpenStack, type Offers } from "../support/fakeOpenStack.ts";
import { teacherSession } from "../support/teacherSession.ts";

let cloud: FakeOpenStack;
afterEach(() => cloud.close());

async function look(
  answers: NonNullable<Offers["answers"]> = {},
  options: Partial<InventoryOptions> = {},
): Promise<Inventory> {
  cloud = await fakeOpenStack({ answers: { ...courseAnswers(), ...answers } });
  return readInventory(await teacherSession(cloud), { course: "net101", ...options });
}

const SERVER = {
  id: "vm-1",
  name: "vm",
  status: "ERROR",
  tenant_id: KIM_PROJECT,
  user_id: "user-kim",
  metadata: {},
  addresses: {
    lan: [
      { addr: "192.168.0.9", "OS-EXT-IPS:type": "fixed" },
      { addr: "10.0.0.5", "OS-EXT-IPS:type": "floating" },
    ],
  },
  image: "",
  flavor: { id: "f1" },
  key_name: "key",
  created: "2026-01-02T03:04:05Z",
  fault: { message: "No valid host was found." },
  "OS-EXT-STS:task_state": "deleting",
  "os-extended-volumes:volumes_attached": [
    { id: "vol-own", delete_on_termination: true },
    { id: "vol-kept", delete_on_termination: false },
  ],
};
const SERVERS = `GET /compute/servers/detail?all_tenants=1&project_id=${KIM_PROJECT}`;
const VOLUMES = `GET /volume/volumes/detail?all_tenants=1&project_id=${KIM_PROJECT}`;

describe("readInventory", () => {
  it("finds the project, its users and their key pairs, and nobody else's", async () => {
    const found = await look();
    expect(found.gaps).toEqual([]);
    expect(found.all.map(({ type, id, student }) => [type, id, student])).toEqual([
      ["openstack:identity/project:Project", KIM_PROJECT, "kim"],
      ["openstack:identity/user:User", "user-kim", "kim"],
      ["openstack:compute/keypair:Keypair", "key", "kim"],
    ]);
    expect(cloud.requests.filter((request) => !/^(GET|POST \/v3\/auth)/.test(request))).toEqual([]);
  });

  it("tells an instance's state, and which volume goes with it", async () => {
    const volume = (id: string) => ({ id, name: id, status: "in-use", "os-vol-tenant-attr:tenant_id": KIM_PROJECT });
    const found = await look(
      fixedAnswers({ [SERVERS]: { servers: [SERVER] }, [VOLUMES]: { volumes: ["vol-own", "vol-kept"].map(volume) } }),
    );
    expect(found.byId("openstack:compute/instance:Instance", "vm-1")).toMatchObject({
      ...{ student: "kim", because: "project", status: "ERROR", fault: "No valid host was found.", task: "deleting" },
      instance: {
        addresses: [
          { network: "lan", address: "192.168.0.9", kind: "fixed" },
          { network: "lan", address: "10.0.0.5", kind: "floating" },
        ],
        ...{ flavorId: "f1", keyPairName: "key", volumeIds: ["vol-own", "vol-kept"] },
      },
    });
    const volumes = found.all.filter(({ type }) => type.endsWith(":Volume"));
    expect(volumes.map(({ id, automatic, partOf }) => [id, automatic, partOf])).toEqual([
      ["vol-own", true, "vm-1"],
      ["vol-kept", false, undefined],
    ]);
  });

  it("tells ports of Neutron's own from interfaces and from those of instances", async () => {
    const port = (id: string, device_owner: string, device_id = "d") => ({
      ...{ id, name: "", project_id: KIM_PROJECT, network_id: "n", device_owner, device_id, fixed_ips: [] },
    });
    const found = await look(
      networkAnswers({
        ports: [
          port("dhcp", "network:dhcp"),
          port("interface", "network:router_interface", "router"),
          port("dvr", "network:router_interface_distributed", "router"),
          port("snat", "network:router_centralized_snat"),
          port("vip", "Octavia", "lb-balancer"),
          port("vm", "compute:nova"),
          port("spare", ""),
        ],
      }),
    );
    const ports = found.all.filter(({ port: details }) => details !== undefined);
    expect(ports.map(({ id, type, automatic, partOf }) => [id, type.split(":")[2], automatic, partOf])).toEqual([
      ["dhcp", "Port", true, "n"],
      ["interface", "RouterInterface", false, "router"],
      ["dvr", "RouterInterface", false, "router"],
      ["snat", "Port", true, "n"],
      ["vip", "Port", true, "balancer"],
      ["vm", "Port", false, undefined],
      ["spare", "Port", false, undefined],
    ]);
  });

  it("calls the group `default` and Neutron's own rules automatic, and a student's rule in it not", async () => {
    const rule = (id: string, change: object) => ({
      ...{ id, project_id: KIM_PROJECT, security_group_id: "g", direction: "ingress", protocol: null },
      ...change,
    });
    const found = await look(
      networkAnswers({
        "security-groups": [{ id: "g", name: "default", project_id: KIM_PROJECT }],
        "security-group-rules": [
          rule("members", { remote_group_id: "g" }),
          rule("out", { direction: "egress" }),
          rule("everybody", {}),
          rule("web", { protocol: "tcp", remote_ip_prefix: "0.0.0.0/0" }),
        ],
      }),
    );
    const own = found.all.filter(({ service }) => service === "network");
    expect(own.filter(({ automatic }) => automatic).map(({ id }) => id)).toEqual(["g", "members", "out"]);
    expect(own.filter(({ automatic }) => !automatic).map(({ id }) => id)).toEqual(["everybody", "web"]);
  });

  it("does not look elsewhere for somebody who only asks whether known things are there", async () => {
    const stray = { id: "n", name: "lan", project_id: "project-gone", tags: ["course:net101", "student:lee"] };
    const own = { id: "n2", name: "lan", project_id: KIM_PROJECT, tags: ["course:net101", "student:kim"] };
    const answers = networkAnswers({ networks: [own], "networks tagged": [stray, own] });
    const found = await look(answers, { elsewhere: false });
    expect(found.all.filter(({ name }) => name === "lan").map(({ id, student }) => [id, student])).toEqual([
      ["n2", "kim"],
    ]);
    expect(cloud.requests.filter((request) => /network.*tags=/.test(request))).toEqual([]);
  });

  it("finds what has the course's tag in a project that is gone, once", async () => {
    const network = { id: "n", name: "lan", project_id: "project-gone", tags: ["course:net101", "student:lee"] };
    const own = { id: "n2", name: "lan", project_id: KIM_PROJECT, tags: ["course:net101", "student:kim"] };
    const found = await look(networkAnswers({ networks: [own], "networks tagged": [network, own] }));
    const networks = found.all.filter(({ type }) => type.endsWith(":Network"));
    expect(networks.map(({ id, student }) => [id, student])).toEqual([
      ["n2", "kim"],
      ["n", "lee"],
    ]);
  });

  it("looks into projects that only the state still knows", async () => {
    const answers = networkAnswers(
      { networks: [{ id: "n", name: "lan", project_id: "project-gone" }] },
      `project_id=p&project_id=project-gone&project_id=${KIM_PROJECT}`,
    );
    for (const [service, path, key] of [
      ["compute", "servers", "servers"],
      ["volume", "volumes", "volumes"],
      ["volume", "snapshots", "snapshots"],
      ["volume", "backups", "backups"],
    ] as const)
      Object.assign(
        answers,
        fixedAnswers({ [`GET /${service}/${path}/detail?all_tenants=1&project_id=project-gone`]: { [key]: [] } }),
      );
    const found = await look(answers, { projects: new Map([["project-gone", "lee"]]) });
    expect(found.gaps).toEqual([]);
    expect(found.ofStudent("lee").map(({ id }) => id)).toEqual(["n"]);
  });

  it("looks for one student only", async () => {
    const found = await look(networkAnswers({}, "project_id=p"), { only: ["lee"] });
    expect(found.all).toEqual([]);
    expect(cloud.requests.some((request) => request.includes(KIM_PROJECT))).toBe(false);
  });

  it("reads page by page, and keeps its own address", async () => {
    const page = (id: string, links: object[]) => ({ servers: [{ ...SERVER, id }], servers_links: links });
    const found = await look(
      fixedAnswers({
        [SERVERS]: page("vm-1", [{ rel: "next", href: "http://inside.example/servers/detail?marker=vm-1" }]),
        [`${SERVERS}&marker=vm-1`]: page("vm-2", []),
      }),
    );
    expect(found.ofStudent("kim").flatMap(({ type, id }) => (type.endsWith(":Instance") ? [id] : []))).toEqual([
      "vm-1",
      "vm-2",
    ]);
  });

  it("shows without an administrator's rights what the project has, and says what is missing", async () => {
    const forbidden = () => ({ status: 403, body: { forbidden: { message: "no" } } });
    const own = { ...SERVER, tenant_id: "p", name: "net101-lee-vm" };
    const all = { ...courseAnswers(), ...networkAnswers({}, "project_id=p") };
    const denied = Object.keys(all).filter((key) => /projects|users|all_(tenants|projects)|user_id/.test(key));
    const found = await look(
      {
        ...networkAnswers({}, "project_id=p"),
        ...Object.fromEntries(denied.map((key) => [key, forbidden])),
        "GET /volume/volumes/detail?all_tenants=1&project_id=p": forbidden,
        ...fixedAnswers({
          "GET /identity/v3/auth/projects": { projects: [{ id: "p", name: "class", tags: [] }] },
          "GET /compute/servers/detail?": { servers: [own, { ...own, id: "vm-2", name: "the teacher's own" }] },
          "GET /compute/os-keypairs": { keypairs: [{ keypair: { name: "net101-lee-key" } }] },
          "GET /compute/os-server-groups": { server_groups: [] },
          "GET /volume/volumes/detail?": { volumes: [] },
          "GET /volume/snapshots/detail?": { snapshots: [] },
          "GET /volume/backups/detail?": { backups: [] },
        }),
      },
      { students: ["lee"] },
    );
    expect(found.all.map(({ id, student, because }) => [id, student, because])).toEqual([
      ["vm-1", "lee", "name"],
      ["net101-lee-key", "lee", "name"],
    ]);
    expect(found.gaps.map(({ service }) => service)).toEqual(["identity", "identity"]);
  });

  it("does not lose the rest when a service is broken, and does not take its silence for absence", async () => {
    const found = await look({ [SERVERS]: () => ({ status: 503, body: "out of order" }) });
    expect(found.gaps).toMatchObject([{ service: "compute" }]);
    expect(found.gaps[0]?.what).toContain("out of order");
    expect(found.has("openstack:compute/instance:Instance", "vm-9")).toBeUndefined();
    expect(found.has("openstack:networking/port:Port", "port-9")).toBe(false);
  });

  it("ends when the login has ended", async () => {
    await expect(look({ [SERVERS]: () => ({ status: 401 }) })).rejects.toThrow("answers 401");
  });
});

describe("Inventory", () => {
  it("answers for what only joins two objects", async () => {
    const found = await look(fixedAnswers({ [SERVERS]: { servers: [SERVER] } }));
    const attach = "openstack:compute/volumeAttach:VolumeAttach";
    expect(["vm-1/vol-own", "vm-1/x", "y/x"].map((id) => found.has(attach, id))).toEqual([true, false, false]);
    expect(found.has("openstack:identity/roleAssignment:RoleAssignment", "x")).toBeUndefined();
    expect(found.has("openstack:compute/flavor:Flavor", "x")).toBeUndefined();
  });

  it("tells key pairs of the same name apart by their student", async () => {
    const found = await look();
    const type = "openstack:compute/keypair:Keypair";
    expect(found.byId(type, "key", "kim")?.userId).toBe("user-kim");
    expect(found.byId(type, "key", "lee")).toBeUndefined();
    expect(found.has(type, "key", "lee")).toBe(false);
  });
});
