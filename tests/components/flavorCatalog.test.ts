import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FlavorCatalog, type FlavorArgs } from "../../components/flavorCatalog.ts";
import { ADMIN_TYPES } from "../support/adminTypes.ts";
import { mockCloud, valueOf, type MockCloud } from "../support/mockCloud.ts";

const SMALL: FlavorArgs = { vcpus: 1, ramMiB: 1024, diskGiB: 10 };
let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

describe("FlavorCatalog", () => {
  it("makes a public flavor with the id asked for", async () => {
    const catalog = new FlavorCatalog("net101", { flavors: { "m1.xsmall": { ...SMALL, flavorId: "6" } } });
    expect(await valueOf(catalog.flavorIds["m1.xsmall"] ?? unexpected())).toBe("net101-m1.xsmall-flavor-id");
    expect(cloud.registrations.map(({ type, name }) => [type, name])).toEqual([
      ["classroom:index:FlavorCatalog", "net101"],
      [ADMIN_TYPES.flavor, "net101-m1.xsmall-flavor"],
    ]);
    expect(cloud.only(ADMIN_TYPES.flavor)).toEqual({
      name: "m1.xsmall",
      vcpus: 1,
      ram: 1024,
      disk: 10,
      flavorId: "6",
      isPublic: true,
      ephemeral: 0,
      swap: 0,
    });
  });

  it("opens a private flavor to its projects before anybody learns its id", async () => {
    const flavor = { ...SMALL, ephemeralGiB: 2, swapMiB: 64, extraSpecs: { "hw:cpu_policy": "shared" } };
    const catalog = new FlavorCatalog("c", { flavors: { nano: { ...flavor, projectIds: { pyc: "project-1" } } } });
    await valueOf(catalog.flavorIds["nano"] ?? unexpected());
    expect(cloud.only(ADMIN_TYPES.flavor)).toMatchObject({
      isPublic: false,
      ephemeral: 2,
      swap: 64,
      extraSpecs: { "hw:cpu_policy": "shared" },
    });
    expect(cloud.only(ADMIN_TYPES.flavor)).not.toHaveProperty("flavorId");
    expect(cloud.named(ADMIN_TYPES.flavorAccess, "c-nano-pyc-access")).toEqual({
      flavorId: "c-nano-flavor-id",
      tenantId: "project-1",
    });
  });

  it.each<[Partial<FlavorArgs>, string]>([
    [{ vcpus: 0 }, "flavors.nano.vcpus: 0 is too few or not whole; write a whole number from 1"],
    [{ ramMiB: 0.5 }, "flavors.nano.ramMiB: 0.5 is too few or not whole; write a whole number from 1"],
    [{ diskGiB: -1 }, "flavors.nano.diskGiB: -1 is too few or not whole; write a whole number from 0"],
    [{ ephemeralGiB: -1 }, "flavors.nano.ephemeralGiB: -1"],
    [{ swapMiB: -1 }, "flavors.nano.swapMiB: -1"],
    [{ flavorId: "a/b" }, 'flavors.nano.flavorId: "a/b" is not an id'],
    [{ isPublic: true, projectIds: { pyc: "p" } }, "flavors.nano.projectIds: a public flavor is everyone's"],
    [{ extraSpecs: { "a/b": "x" } }, "flavors.nano.extraSpecs.a/b: is not a key"],
  ])("refuses %j and registers nothing", async (wrong, reason) => {
    expect(() => new FlavorCatalog("c", { flavors: { nano: { ...SMALL, ...wrong } } })).toThrow(reason);
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });

  it("refuses a name with spaces at an end, and names every problem at once", () => {
    const flavors = { a: { ...SMALL, flavorId: "6" }, "b ": { ...SMALL, vcpus: 0, flavorId: "6" } };
    expect(() => new FlavorCatalog("c", { flavors })).toThrow(
      [
        'FlavorCatalog "c":',
        "  flavors.b .vcpus: 0 is too few or not whole; write a whole number from 1",
        "  flavors.b : the name has 2 characters or spaces at an end; use 1 to 255 without them",
        '  flavors.b .flavorId: "6" is the id of a too; ids are unique',
      ].join("\n"),
    );
  });
});

function unexpected(): never {
  throw new Error("no id for the flavor");
}
