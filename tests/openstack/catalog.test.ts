import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  readAvailabilityZones,
  readCatalog,
  readComputeHosts,
  readNetworkExtensions,
  readRoles,
  readUser,
  readVolumeTypes,
} from "../../openstack/catalog.ts";
import { fakeOpenStack, type FakeOpenStack } from "../support/fakeOpenStack.ts";
import { teacherSession } from "../support/teacherSession.ts";

let cloud: FakeOpenStack;
beforeEach(async () => {
  cloud = await fakeOpenStack({
    answers: {
      "GET /identity/v3/roles": () => ({
        body: {
          roles: [
            { id: "r1", name: "member", domain_id: null },
            { id: "r2", name: "admin" },
            { id: "r3", name: "member", domain_id: "elsewhere" },
          ],
        },
      }),
      "GET /compute/os-services?binary=nova-compute": () => ({
        body: {
          services: [
            { host: "compute1", zone: "nova", state: "up", status: "enabled" },
            { host: "compute2", zone: "lab", state: "down", status: "disabled" },
          ],
        },
      }),
      "GET /compute/os-availability-zone": () => ({
        body: { availabilityZoneInfo: [{ zoneName: "nova", zoneState: { available: true }, hosts: null }] },
      }),
      "GET /volume/types": () => ({ body: { volume_types: [{ id: "t1", name: "lvm" }] } }),
      "GET /network/v2.0/extensions": () => ({ body: { extensions: [{ alias: "vpnaas" }, { alias: "router" }] } }),
    },
  });
});
afterEach(() => cloud.close());

describe("what a lab looks up", () => {
  it("reads the roles that every domain knows", async () => {
    expect(await readRoles(await teacherSession(cloud))).toEqual({ member: "r1", admin: "r2" });
  });

  it("reads the compute hosts and how they are", async () => {
    expect(await readComputeHosts(await teacherSession(cloud))).toEqual([
      { name: "compute1", availabilityZone: "nova", up: true, enabled: true },
      { name: "compute2", availabilityZone: "lab", up: false, enabled: false },
    ]);
  });

  it("reads zones, volume types and Neutron's extensions", async () => {
    const session = await teacherSession(cloud);
    expect(await readAvailabilityZones(session)).toEqual([{ name: "nova", available: true }]);
    expect(await readVolumeTypes(session)).toEqual(["lvm"]);
    expect(await readNetworkExtensions(session)).toEqual(["vpnaas", "router"]);
  });

  it("knows who is logged in and which services there are, without a request", async () => {
    const session = await teacherSession(cloud);
    const before = cloud.requests.length;
    expect(await readUser(session)).toEqual({ id: "u", name: "teacher", roles: ["member"] });
    expect(session.hasService("volume")).toBe(true);
    expect(session.hasService("identity")).toBe(true);
    expect(session.hasService("object-store")).toBe(false);
    expect(session.hasService("load-balancer")).toBe(false);
    expect(cloud.requests).toHaveLength(before);
  });

  it("asks for nothing of the administrator's when a lab does not need it", async () => {
    await readCatalog(await teacherSession(cloud));
    expect(cloud.requests.filter((request) => /roles|os-services|volume/.test(request))).toEqual([]);
  });
});
