import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import type { CloudObject } from "../../openstack/cloudObject.ts";
import { cloudSettings } from "../../openstack/cloudSettings.ts";
import { type Inventory, readInventory } from "../../openstack/inventory.ts";
import { resume, suspend } from "../../openstack/power.ts";
import { deleteProjectLeftovers } from "../../openstack/projectLeftovers.ts";
import { purge, type PurgeEvent } from "../../openstack/purge.ts";
import { Session } from "../../openstack/session.ts";
import { deleteStuckInstances, stuckInstances } from "../../openstack/stuckInstances.ts";
import { stateOf } from "../labs/leftovers.ts";
import { administrator, bringUp, ProjectUser } from "./projectUser.ts";
import { COURSE, given, openstack, TestStack } from "./testStack.ts";

const INSTANCE = "openstack:compute/instance:Instance";
/** What only joins other objects, or sets numbers: no listing shows them. */
const WITHOUT_IDENTITY = /(roleAssignment|userMembership|quota)/i;

const Exported = z.object({
  deployment: z.object({
    resources: z.array(z.object({ type: z.string(), id: z.string().default(""), custom: z.boolean().default(false) })),
  }),
});

let session: Session;
let test: TestStack;
let user: ProjectUser | undefined;

beforeAll(async () => {
  await bringUp("cinder", "swift");
  session = await Session.open(cloudSettings("local"));
  test = await TestStack.open();
  test.configure(
    {
      instances: { vm: { image: "cirros", flavor: "m1.nano", network: "private", floatingIp: `${COURSE}-public` } },
      securityGroups: { web: ["ping", "http"] },
    },
    { waitUntilReady: false },
  );
  await test.up();
});
afterAll(async () => {
  await test.destroy();
  // Its default firewall group, where the cloud has firewalls.
  if (user !== undefined) await deleteProjectLeftovers(session, user.projectId);
  await user?.remove();
});

function look(course = COURSE, student = "kim"): Promise<Inventory> {
  return readInventory(session, { course, students: [student] });
}

it("finds everything that a stack in a shared project has made, by the ids of its state, and nothing besides", async () => {
  const found = await look();
  expect(found.gaps).toEqual([]);
  const made = Exported.parse(JSON.parse(await stateOf(COURSE))).deployment.resources.filter(
    ({ type, custom }) => custom && type.startsWith("openstack:"),
  );
  expect(made.map(({ type }) => type)).toContain(INSTANCE);
  expect(made.filter(({ type, id }) => !WITHOUT_IDENTITY.test(type) && found.has(type, id) !== true)).toEqual([]);
  const known = new Set(made.map(({ type, id }) => `${type} ${id}`));
  expect(found.all.filter(({ type, id, automatic }) => !automatic && !known.has(`${type} ${id}`))).toEqual([]);
  expect(found.ofStudent("kim").map(({ type }) => type)).toContain(
    "openstack:networking/routerInterface:RouterInterface",
  );
  expect(found.ofClass.map(({ name }) => name)).toContain(`${COURSE}-public`);
});

it("stops, shelves and starts an instance, and is content with one that is there already", async () => {
  const { id } = given(
    (await look()).all.find(({ type }) => type === INSTANCE),
    "the instance",
  );
  expect(await suspend(session, id, "stop")).toEqual({ status: "SHUTOFF", changed: true });
  expect(await suspend(session, id, "stop")).toEqual({ status: "SHUTOFF", changed: false });
  expect(await suspend(session, id, "shelve")).toEqual({ status: "SHELVED_OFFLOADED", changed: true });

  const shelved = await look();
  expect(stuckInstances(shelved.all).map((each) => each.id)).toEqual([id]);
  const kept = given(
    shelved.all.find(({ type }) => type === "openstack:images/image:Image"),
    "what is kept of it",
  );
  expect(kept).toMatchObject({ automatic: true, partOf: id, student: "kim" });

  expect(await resume(session, id)).toEqual({ status: "ACTIVE", changed: true });
  expect(await resume(session, id)).toEqual({ status: "ACTIVE", changed: false });
});

it("finds what a student has made by hand, and takes it away: the instance in error first, then the rest in its order", async () => {
  const course = "leftovers";
  user = await ProjectUser.make(`${course}-kim`);
  const admin = await administrator();
  await admin.call("identity", "PUT", `/projects/${user.projectId}/tags`, {
    tags: [`course:${course}`, "student:kim"],
  });
  await makeByHand(user);
  const before = await look(course);
  expect(before.gaps).toEqual([]);
  expect(before.all.filter(({ student }) => student !== "kim")).toEqual([]);
  expect(kinds(before.all)).toEqual([
    ...["Container", "ContainerObject", "FloatingIp", "Instance", "Keypair", "Network", "Port", "Port", "Project"],
    ...["Router", "RouterInterface", "SecGroup", "SecGroupRule", "Snapshot", "Subnet", "User", "Volume"],
  ]);
  const instance = given(
    before.all.find(({ type }) => type === INSTANCE),
    "the instance",
  );
  await openstack("server", "set", "--state", "error", instance.id);

  const stuck = await deleteStuckInstances(session, (await look(course)).all);
  expect(stuck).toMatchObject({ gone: [{ id: instance.id }], failed: [] });

  const events: PurgeEvent[] = [];
  const mine = before.all.filter(({ type }) => !/:(Project|User)$/.test(type));
  const result = await purge(session, mine, (event) => events.push(event));
  expect(result.failed).toEqual([]);
  expect(events.filter(({ outcome }) => outcome === "gone")).toHaveLength(
    mine.filter((each) => !each.automatic).length,
  );
  expect(kinds((await look(course)).all)).toEqual(["Project", "User"]);
});

/** What the course has that the cloud did not make by itself, sorted. */
function kinds(objects: readonly CloudObject[]): string[] {
  return objects.flatMap(({ type, automatic }) => (automatic ? [] : [type.replace(/^.*:/, "")])).sort();
}

/** Things that hold each other, without any tag, as a student's dashboard makes them. */
async function makeByHand(student: ProjectUser): Promise<void> {
  const make = (path: string, kind: string, properties: object) =>
    student.makeId("network", `/v2.0/${path}`, kind, properties);
  const { networks } = z
    .object({ networks: z.array(z.object({ id: z.string() })) })
    .parse(await student.call("network", "GET", `/v2.0/networks?name=${COURSE}-public`));
  const external = given(networks[0], "the provider network").id;
  const network_id = await make("networks", "network", { name: "mine" });
  const subnet = await make("subnets", "subnet", { network_id, ip_version: 4, cidr: "192.168.77.0/24" });
  const router = await make("routers", "router", { external_gateway_info: { network_id: external } });
  await student.call("network", "PUT", `/v2.0/routers/${router}/add_router_interface`, { subnet_id: subnet });
  const group = await make("security-groups", "security_group", { name: "mine" });
  await make("security-group-rules", "security_group_rule", {
    ...{ security_group_id: group, direction: "ingress", protocol: "tcp", port_range_min: 22, port_range_max: 22 },
  });
  const port = await make("ports", "port", { network_id, name: "vm", security_groups: [group] });
  await make("ports", "port", { network_id, name: "spare" });
  await make("floatingips", "floatingip", { floating_network_id: external, port_id: port });
  await student.call("compute", "POST", "/os-keypairs", { keypair: { name: "mine" } });
  const { images, flavors } = await choices(student);
  const server = await student.makeId("compute", "/servers", "server", {
    ...{ name: "mine", imageRef: images, flavorRef: flavors, key_name: "mine", networks: [{ port }] },
  });
  const volume = await student.makeId("volumev3", "/volumes", "volume", { size: 1, name: "mine" });
  await eventually(student, "volumev3", `/volumes/${volume}`, "available");
  const snapshot = await student.makeId("volumev3", "/snapshots", "snapshot", { volume_id: volume, name: "mine" });
  await eventually(student, "volumev3", `/snapshots/${snapshot}`, "available");
  // Whoever puts it into error while Nova still builds it gets a guest that Nova no longer knows, and that runs on.
  await eventually(student, "compute", `/servers/${server}`, "ACTIVE");
  await student.call("object-store", "PUT", "/mine");
  await student.ask("object-store", "PUT", "/mine/notes%2Fone.txt", "hello");
}

async function choices(student: ProjectUser): Promise<{ images: string; flavors: string }> {
  const first = z.object({ id: z.string() });
  const { images } = z
    .object({ images: z.array(first) })
    .parse(await student.call("image", "GET", "/v2/images?name=cirros"));
  const { flavors } = z
    .object({ flavors: z.array(first.extend({ name: z.string() })) })
    .parse(await student.call("compute", "GET", "/flavors"));
  return {
    images: given(images[0], "the image cirros").id,
    flavors: given(
      flavors.find(({ name }) => name === "m1.nano"),
      "the flavor m1.nano",
    ).id,
  };
}

async function eventually(student: ProjectUser, service: string, path: string, status: string): Promise<void> {
  const only = z.record(z.string(), z.object({ status: z.string() }));
  const statuses = async () => Object.values(only.parse(await student.call(service, "GET", path)));
  await expect.poll(statuses, { timeout: 120_000 }).toMatchObject([{ status }]);
}
