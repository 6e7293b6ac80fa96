import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HostAggregate, type HostAggregateArgs } from "../../components/hostAggregate.ts";
import { ADMIN_TYPES } from "../support/adminTypes.ts";
import { mockCloud, valueOf, type MockCloud } from "../support/mockCloud.ts";

const args: HostAggregateArgs = { hosts: ["compute1"], availabilityZone: "lab" };
let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

describe("HostAggregate", () => {
  it("groups hosts under a zone, which is known once it has them", async () => {
    const aggregate = new HostAggregate("fast", { ...args, metadata: { ssd: "true" } });
    expect(await valueOf(aggregate.availabilityZone ?? unexpected())).toBe("lab");
    expect(await valueOf(aggregate.aggregateId)).toBe("fast-aggregate-id");
    expect(cloud.registrations.map(({ type, name }) => [type, name])).toEqual([
      ["classroom:index:HostAggregate", "fast"],
      [ADMIN_TYPES.aggregate, "fast-aggregate"],
    ]);
    expect(cloud.only(ADMIN_TYPES.aggregate)).toEqual({
      name: "fast",
      zone: "lab",
      hosts: ["compute1"],
      metadata: { ssd: "true" },
    });
  });

  it("is hidden from users without a zone", async () => {
    const aggregate = new HostAggregate("hidden", { hosts: ["compute1"] });
    await valueOf(aggregate.aggregateId);
    expect(aggregate.availabilityZone).toBeUndefined();
    expect(cloud.only(ADMIN_TYPES.aggregate)).toEqual({ name: "hidden", hosts: ["compute1"], metadata: {} });
  });

  it("has another name in OpenStack", async () => {
    await valueOf(new HostAggregate("fast", { ...args, aggregateName: "ssd hosts" }).aggregateId);
    expect(cloud.named(ADMIN_TYPES.aggregate, "fast-aggregate")["name"]).toBe("ssd hosts");
  });

  it.each<[Partial<HostAggregateArgs>, string]>([
    [{ hosts: [] }, "hosts: names no compute host"],
    [{ hosts: ["a", "b", "a"] }, 'hosts: "a" is empty or named twice'],
    [{ hosts: [""] }, 'hosts: "" is empty or named twice'],
    [{ availabilityZone: "internal" }, 'availabilityZone: "internal" is Nova\'s own'],
    [{ availabilityZone: "lab:compute1" }, 'availabilityZone: "lab:compute1" is not a zone'],
    [{ availabilityZone: "" }, 'availabilityZone: "" is not a zone'],
    [{ aggregateName: "" }, "aggregateName: is empty"],
    [{ metadata: { availability_zone: "lab" } }, "metadata.availability_zone: is what availabilityZone sets"],
  ])("refuses %j and registers nothing", async (wrong, reason) => {
    expect(() => new HostAggregate("fast", { ...args, ...wrong })).toThrow(reason);
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });
});

function unexpected(): never {
  throw new Error("no zone");
}
