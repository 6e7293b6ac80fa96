import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataVolume, type DataVolumeArgs } from "../../components/dataVolume.ts";
import { mockCloud, TYPES, valueOf, type MockCloud } from "../support/mockCloud.ts";

const args: DataVolumeArgs = { sizeGiB: 1, tags: ["course:dev", "student:kim"] };
let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

describe("DataVolume", () => {
  it("is an empty volume that can grow while attached, and is attached to nothing unless told", async () => {
    const volume = new DataVolume("data", args);
    expect(await valueOf(volume.volumeId)).toBe("data-volume-id");
    expect(volume.device).toBeUndefined();
    expect(cloud.registrations.map(({ type }) => type)).toEqual(["classroom:index:DataVolume", TYPES.volume]);
    expect(cloud.only(TYPES.volume)).toEqual({
      name: "data",
      description: "",
      size: 1,
      enableOnlineResize: true,
      metadata: { course: "dev", student: "kim" },
    });
  });

  it("is attached by Nova, and says where", async () => {
    const volume = new DataVolume("data", { ...args, attachTo: "web1-id" });
    expect(volume.device === undefined ? "" : await valueOf(volume.device)).toBe("/dev/vdb");
    expect(cloud.only(TYPES.volumeAttachment)).toEqual({ instanceId: "web1-id", volumeId: "data-volume-id" });
  });

  it.each(["web2-id", undefined])("stays the same volume when it goes to %s", async (attachTo) => {
    new DataVolume("data", { ...args, attachTo: "web1-id" });
    await cloud.drain();
    const before = cloud.named(TYPES.volume, "data-volume");
    cloud = await mockCloud();
    new DataVolume("data", attachTo === undefined ? args : { ...args, attachTo });
    await cloud.drain();
    expect(cloud.named(TYPES.volume, "data-volume")).toEqual(before);
  });

  it("begins with a snapshot, or with an image, under another name and type", async () => {
    new DataVolume("restored", { ...args, snapshotId: "snapshot-id", volumeName: "old", volumeTypeName: "ssd" });
    new DataVolume("bootable", { ...args, imageId: "image-id", description: "for WEBSRV1" });
    await cloud.drain();
    expect(cloud.named(TYPES.volume, "restored-volume")).toMatchObject({
      name: "old",
      snapshotId: "snapshot-id",
      volumeType: "ssd",
    });
    expect(cloud.named(TYPES.volume, "bootable-volume")).toMatchObject({
      imageId: "image-id",
      description: "for WEBSRV1",
    });
  });

  it.each<[Partial<DataVolumeArgs>, string]>([
    [{ sizeGiB: 0 }, "sizeGiB: 0 is not a whole number of GiB above 0"],
    [{ sizeGiB: 1.5 }, "sizeGiB: 1.5 is not a whole number"],
    [{ volumeName: "" }, "volumeName: is empty"],
    [{ snapshotId: "s", imageId: "i" }, "imageId: a volume begins with a snapshot or with an image; leave out one"],
  ])("refuses %o and registers nothing", async (wrong, reason) => {
    expect(() => new DataVolume("data", { ...args, ...wrong })).toThrow(reason);
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });
});
