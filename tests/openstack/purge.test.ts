import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SeenObject } from "../../openstack/cloudObject.ts";
import { purge, type PurgeEvent } from "../../openstack/purge.ts";
import { deleteStuckInstances, stuckInstances } from "../../openstack/stuckInstances.ts";
import { fakeOpenStack, type FakeOpenStack, type Offers } from "../support/fakeOpenStack.ts";
import { fakeThings, type FakeThing } from "../support/fakeThings.ts";
import { teacherSession } from "../support/teacherSession.ts";

vi.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));

let cloud: FakeOpenStack | undefined;
afterEach(() => cloud?.close());

async function cloudWith(answers: NonNullable<Offers["answers"]>) {
  cloud = await fakeOpenStack({ answers });
  return teacherSession(cloud);
}

/** What the cloud was asked to change. */
function changes(): string[] {
  return (cloud?.requests ?? []).filter((request) => /^(PUT|POST|DELETE)/.test(request) && !request.includes("/auth/"));
}

function object(service: SeenObject["service"], type: string, id: string, more: Partial<SeenObject> = {}): SeenObject {
  return { service, type: `openstack:${type}`, id, name: id, tags: {}, automatic: false, ...more };
}

const vm = object("compute", "compute/instance:Instance", "vm", { status: "ACTIVE" });
const port = object("network", "networking/port:Port", "port");
const subnet = object("network", "networking/subnet:Subnet", "subnet");
const network = object("network", "networking/network:Network", "network");
const router = object("network", "networking/router:Router", "router");
const interfaceOf = object("network", "networking/routerInterface:RouterInterface", "interface", { partOf: "router" });
const group = object("network", "networking/secGroup:SecGroup", "group");
const floatingIp = object("network", "networking/floatingIp:FloatingIp", "ip");
const volume = object("volume", "blockstorage/volume:Volume", "volume");
const snapshot = object("volume", "blockstorage/snapshot:Snapshot", "snapshot");

const neutron = (each: SeenObject, path: string, heldBy: string[] = []): FakeThing => ({
  ...{ object: each, heldBy },
  deletion: `DELETE /network/v2.0/${path}/${each.id}`,
});
const slow = (each: SeenObject, path: string, heldBy: string[] = []): FakeThing => ({
  ...{ object: each, heldBy, looksUntilGone: 2 },
  deletion: `DELETE ${path}/${each.id}`,
  look: `GET ${path}/${each.id}`,
});

/** Everything a student's room is made of, and how it hangs together. */
const ROOM: FakeThing[] = [
  slow(vm, "/compute/servers"),
  neutron(port, "ports", ["vm"]),
  neutron(subnet, "subnets", ["port", "interface"]),
  neutron(network, "networks", ["subnet"]),
  {
    ...{ object: interfaceOf, heldBy: ["ip"], looksUntilGone: 1 },
    deletion: "PUT /network/v2.0/routers/router/remove_router_interface",
    look: "GET /network/v2.0/ports/interface",
  },
  neutron(router, "routers", ["interface"]),
  neutron(group, "security-groups", ["port"]),
  neutron(floatingIp, "floatingips"),
  slow(volume, "/volume/volumes", ["vm", "snapshot"]),
  slow(snapshot, "/volume/snapshots"),
];
const everything = ROOM.map((thing) => thing.object);

describe("purge", () => {
  it("begins nothing more, and waits for nothing more, once it is over", async () => {
    const { answers } = fakeThings([neutron(floatingIp, "floatingips"), neutron(router, "routers")]);
    const session = await cloudWith(answers);
    let isOver = false;
    const report = ({ outcome }: PurgeEvent) => (isOver ||= outcome === "gone");
    const result = await purge(session, [router, floatingIp], report, { isOver: () => isOver });
    expect(result).toEqual({ gone: [floatingIp], failed: [{ object: router, reason: "interrupted" }] });
    expect(changes()).toEqual(["PUT /network/v2.0/routers/router", "DELETE /network/v2.0/floatingips/ip"]);
  });

  it("deletes a whole room, in whatever order it is told", async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(everything, { minLength: everything.length }), async (objects) => {
        const { answers, there } = fakeThings(ROOM);
        const session = await cloudWith(answers);
        const events: PurgeEvent[] = [];
        const result = await purge(session, objects, (event) => events.push(event));
        expect(result.failed).toEqual([]);
        expect([...there]).toEqual([]);
        expect(events.filter(({ outcome }) => outcome === "gone")).toHaveLength(objects.length);
        // Nothing was in another's way: nobody had to be asked twice.
        expect(changes().filter((request) => request !== "PUT /network/v2.0/routers/router")).toHaveLength(
          objects.length,
        );
        await cloud?.close();
      }),
      { numRuns: 10 },
    );
  });

  it("touches nothing that it was not given", async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray(everything), async (objects) => {
        const { answers, deleted } = fakeThings(ROOM);
        const session = await cloudWith(answers);
        await purge(session, objects, undefined, { timeoutSeconds: 0 });
        expect(deleted.filter((id) => !objects.some((each) => each.id === id))).toEqual([]);
        await cloud?.close();
      }),
      { numRuns: 20 },
    );
  });

  it("is content with what is gone already", async () => {
    const session = await cloudWith({
      "DELETE /network/v2.0/ports/port": () => ({ status: 404 }),
      "DELETE /compute/servers/vm": () => ({ status: 404 }),
      "GET /compute/servers/vm": () => ({ status: 404 }),
    });
    expect(await purge(session, [port, vm])).toEqual({ gone: [vm, port], failed: [] });
  });

  it("leaves what the cloud has made to the cloud", async () => {
    const session = await cloudWith({});
    expect(await purge(session, [{ ...group, name: "default", automatic: true }])).toEqual({ gone: [], failed: [] });
    expect(changes()).toEqual([]);
  });

  it("names what holds a thing that cannot go, and takes away the rest", async () => {
    const holder = {
      ...{ id: "p9", name: "", network_id: "network", project_id: "project-lee", fixed_ips: [] },
      ...{ device_owner: "compute:nova", device_id: "vm-9" },
    };
    const { answers } = fakeThings([
      neutron(network, "networks", ["nothing", "p9"]),
      neutron(floatingIp, "floatingips"),
    ]);
    const session = await cloudWith({
      ...answers,
      "DELETE /network/v2.0/networks/network": () => ({
        status: 409,
        body: { NeutronError: { message: "is in use" } },
      }),
      "GET /network/v2.0/ports?network_id=network": () => ({
        body: { ports: [{ ...holder, id: "d1", device_owner: "network:dhcp" }, holder] },
      }),
    });
    const result = await purge(session, [network, floatingIp], undefined, { timeoutSeconds: 0 });
    expect(result.gone).toEqual([floatingIp]);
    expect(result.failed[0]?.reason).toMatch(
      /answers 409: is in use \(tried for 0 s\); held by port p9 of compute:nova vm-9, project project-lee$/,
    );
  });

  it("asks again when a deletion ends in an error", async () => {
    const looks = [{ status: "error_deleting" }, { status: "deleting" }];
    let asked = 0;
    const session = await cloudWith({
      "DELETE /volume/volumes/volume": () => ({ status: ++asked > 2 ? 404 : 202 }),
      "GET /volume/volumes/volume": () => {
        const look = looks.shift();
        return look === undefined ? { status: 404 } : { body: { volume: look } };
      },
    });
    expect((await purge(session, [volume])).gone).toEqual([volume]);
    expect(asked).toBe(2);
  });

  it("does not repeat what will never be allowed", async () => {
    const session = await cloudWith({
      "DELETE /network/v2.0/ports/port": () => ({ status: 403, body: { NeutronError: { message: "not yours" } } }),
    });
    const result = await purge(session, [port]);
    expect(result.failed.map((each) => each.object)).toEqual([port]);
    expect(result.failed[0]?.reason).toContain("403: not yours");
    expect(changes()).toHaveLength(1);
  });

  it("says so of a type that it does not know", async () => {
    const session = await cloudWith({});
    const zone = object("network", "dns/zone:Zone", "z");
    expect((await purge(session, [zone])).failed[0]?.reason).toContain(
      "openstack:dns/zone:Zone cannot be deleted here",
    );
  });

  it("takes a key pair from its user, an object from its account, and clears a firewall's ports", async () => {
    const ok = () => ({ status: 204 });
    const session = await cloudWith({
      "DELETE /compute/os-keypairs/a%20key?user_id=user-kim": ok,
      "DELETE /compute/os-keypairs/own": ok,
      "PUT /network/v2.0/fwaas/firewall_groups/fw": ok,
      "DELETE /network/v2.0/fwaas/firewall_groups/fw": ok,
    });
    const keyPair = "compute/keypair:Keypair";
    const result = await purge(session, [
      object("compute", keyPair, "a key", { userId: "user-kim" }),
      object("compute", keyPair, "own", { userId: "u" }),
      object("network", "firewall/groupV2:GroupV2", "fw"),
    ]);
    expect(result.failed).toEqual([]);
    expect(changes()).toContain("PUT /network/v2.0/fwaas/firewall_groups/fw");
  });
});

describe("stuckInstances", () => {
  it("are those the provider cannot delete", () => {
    const states = ["ACTIVE", "SHUTOFF", "ERROR", "BUILD", "PAUSED", "SHELVED_OFFLOADED", "RESCUE"];
    const all = states.map((status) => ({ ...vm, status }));
    expect(stuckInstances([...all, port]).map(({ status }) => status)).toEqual(states.slice(2));
  });

  it("are deleted directly, and the others left to Pulumi", async () => {
    const { answers, there } = fakeThings([
      slow({ ...vm, id: "bad" }, "/compute/servers"),
      slow(vm, "/compute/servers"),
    ]);
    const session = await cloudWith(answers);
    const bad = { ...vm, id: "bad", status: "ERROR" };
    expect(await deleteStuckInstances(session, [vm, bad])).toEqual({ gone: [bad], failed: [] });
    expect([...there]).toEqual(["vm"]);
  });
});
