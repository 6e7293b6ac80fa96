import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RouterWithGateway } from "../../components/routerWithGateway.ts";
import { mockCloud, TYPES, valueOf, type MockCloud } from "../support/mockCloud.ts";

let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

describe("RouterWithGateway", () => {
  it("has its gateway on the provider network and an interface on each subnet", async () => {
    const router = new RouterWithGateway("r1", {
      externalNetworkId: "public-id",
      subnetIds: { red: "red-id", blue: "blue-id" },
      tags: ["course:dev"],
    });
    const ids = await Promise.all(Object.values(router.routerInterfaceIds).map(valueOf));
    expect(ids).toEqual(["r1-red-interface-id", "r1-blue-interface-id"]);
    expect(await valueOf(router.routerId)).toBe("r1-router-id");
    expect(cloud.only(TYPES.router)).toEqual({ name: "r1", externalNetworkId: "public-id", tags: ["course:dev"] });
    expect(cloud.named(TYPES.routerInterface, "r1-red-interface")).toEqual({
      routerId: "r1-router-id",
      subnetId: "red-id",
    });
    expect(cloud.named(TYPES.routerInterface, "r1-blue-interface")).toEqual({
      routerId: "r1-router-id",
      subnetId: "blue-id",
    });
  });

  it("has another name in OpenStack", async () => {
    const router = new RouterWithGateway("r1", {
      externalNetworkId: "public-id",
      subnetIds: { red: "red-id" },
      routerName: "ADMIN_R1",
    });
    await valueOf(router.routerId);
    expect(cloud.named(TYPES.router, "r1-router")["name"]).toBe("ADMIN_R1");
    expect(
      () => new RouterWithGateway("r2", { externalNetworkId: "p", subnetIds: { a: "a" }, routerName: "" }),
    ).toThrow("routerName: is empty");
  });

  it("refuses to carry nothing", async () => {
    expect(() => new RouterWithGateway("r1", { externalNetworkId: "public-id", subnetIds: {} })).toThrow(
      "subnetIds: names no subnet; a router without an interface carries nothing",
    );
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });
});
