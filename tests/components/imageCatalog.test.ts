import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ImageCatalog, type ImageArgs } from "../../components/imageCatalog.ts";
import { ADMIN_TYPES } from "../support/adminTypes.ts";
import { mockCloud, valueOf, type MockCloud } from "../support/mockCloud.ts";

const HASH = "0123456789abcdef".repeat(4);
const CIRROS: ImageArgs = { file: "/images/cirros.img", diskFormat: "qcow2" };
let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

describe("ImageCatalog", () => {
  it("uploads a file as a private image", async () => {
    const catalog = new ImageCatalog("net101", { images: { cirros: CIRROS } });
    expect(await valueOf(catalog.imageIds["cirros"] ?? unexpected())).toBe("net101-cirros-image-id");
    expect(cloud.registrations.map(({ type, name }) => [type, name])).toEqual([
      ["classroom:index:ImageCatalog", "net101"],
      [ADMIN_TYPES.image, "net101-cirros-image"],
    ]);
    expect(cloud.only(ADMIN_TYPES.image)).toEqual({
      name: "cirros",
      containerFormat: "bare",
      diskFormat: "qcow2",
      localFilePath: "/images/cirros.img",
      minDiskGb: 0,
      minRamMb: 0,
      visibility: "private",
      protected: false,
      tags: [],
    });
  });

  it("keeps the file's hash on the image, beside properties, minimum sizes and tags", async () => {
    const image: ImageArgs = {
      ...CIRROS,
      contentHash: HASH.toUpperCase(),
      minDiskGiB: 1,
      minRamMiB: 64,
      visibility: "public",
      properties: { hw_disk_bus: "virtio" },
      protected: true,
    };
    const catalog = new ImageCatalog("c", { images: { cirros: image }, tags: ["course:net101"] });
    await valueOf(catalog.imageIds["cirros"] ?? unexpected());
    expect(cloud.only(ADMIN_TYPES.image)).toMatchObject({
      properties: { hw_disk_bus: "virtio", classroom_sha256: HASH },
      minDiskGb: 1,
      minRamMb: 64,
      visibility: "public",
      protected: true,
      tags: ["course:net101"],
    });
  });

  it("takes the file from an address", async () => {
    const file = "https://images.example.org/debian.qcow2";
    const catalog = new ImageCatalog("c", { images: { debian: { ...CIRROS, file } } });
    await valueOf(catalog.imageIds["debian"] ?? unexpected());
    expect(cloud.only(ADMIN_TYPES.image)["imageSourceUrl"]).toBe(file);
    expect(cloud.only(ADMIN_TYPES.image)).not.toHaveProperty("localFilePath");
  });

  it.each<[Partial<ImageArgs>, string]>([
    [{ file: "cirros.img" }, 'images.cirros.file: "cirros.img" is neither an absolute path nor an https:// address'],
    [{ file: "http://example.org/a" }, "is neither an absolute path nor an https:// address"],
    [{ contentHash: "abc" }, 'images.cirros.contentHash: "abc" is not a SHA-256; write 64 hexadecimal digits'],
    [{ minDiskGiB: 0.5 }, "images.cirros.minDiskGiB: 0.5 is not a size"],
    [{ minRamMiB: -1 }, "images.cirros.minRamMiB: -1 is not a size"],
    [{ properties: { classroom_sha256: "x" } }, "images.cirros.properties.classroom_sha256: is set from contentHash"],
  ])("refuses %j and registers nothing", async (wrong, reason) => {
    expect(() => new ImageCatalog("c", { images: { cirros: { ...CIRROS, ...wrong } } })).toThrow(reason);
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });

  it("refuses a format or a visibility that Glance does not know, and an image without a name", () => {
    const images = { "": Object.assign({}, CIRROS, { diskFormat: "zip", visibility: "all" }) };
    expect(() => new ImageCatalog("c", { images })).toThrow(
      [
        'ImageCatalog "c":',
        "  images.: the name has 0 characters; use 1 to 255",
        '  images..diskFormat: "zip" is not a disk format; choose one of qcow2, raw, vmdk, vdi, vhd, iso',
        '  images..visibility: "all" is not a visibility; choose one of public, private, shared, community',
      ].join("\n"),
    );
  });
});

function unexpected(): never {
  throw new Error("no id for the image");
}
