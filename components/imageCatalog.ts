import { isAbsolute } from "node:path";
import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { under, type Problem } from "../lab/problem.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";

/** Where the hash of the uploaded file is kept on the image, so that a new content is a new image. */
const HASH_PROPERTY = "classroom_sha256";
/** Glance's bound for names: https://docs.openstack.org/api-ref/image/v2/#create-image */
const LONGEST_NAME = 255;
const DISK_FORMATS = ["qcow2", "raw", "vmdk", "vdi", "vhd", "iso"] as const;
const VISIBILITIES = ["public", "private", "shared", "community"] as const;

/** One image: its file and what instances made from it need. */
export interface ImageArgs {
  /**
   * Absolute path of the image file, or its `https://` address, on the machine that runs Pulumi. Another path is another image, even with
   * the same content.
   */
  file: string;
  /**
   * SHA-256 of the file, 64 hexadecimal digits. With it a changed content shows as a replaced image; without it only a changed path does.
   * @default none
   */
  contentHash?: string;
  /** Format of the file; Glance believes it without looking. */
  diskFormat: (typeof DISK_FORMATS)[number];
  /** Smallest root disk in GiB an instance needs. @default 0 – no limit */
  minDiskGiB?: number;
  /** Smallest memory in MiB an instance needs. @default 0 – no limit */
  minRamMiB?: number;
  /** Who may use it; only an administrator makes public ones. @default "private" – the project that uploads it */
  visibility?: (typeof VISIBILITIES)[number];
  /**
   * For the hypervisor, e.g. `{ hw_disk_bus: "virtio" }`. Those that begin with `os_` are set once: the provider leaves later changes of
   * them alone. @default {}
   */
  properties?: Record<string, string>;
  /** Whether Glance refuses to delete it: then set this to false before the stack is destroyed. @default false */
  protected?: boolean;
}

/** The images to upload. */
export interface ImageCatalogArgs {
  /** By name. */
  images: Record<string, ImageArgs>;
  /** Glance tags for every image. @default [] */
  tags?: string[];
}

/**
 * Images uploaded from files; Glance's checksum is compared with the file's own. Instances made from an image keep running when it is
 * replaced or deleted.
 * https://docs.openstack.org/glance/latest/user/index.html
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * const { imageIds } = new ImageCatalog("net101", {
 *   images: {
 *     "debian-12": { file: "/srv/images/debian-12.qcow2", diskFormat: "qcow2", visibility: "public", minDiskGiB: 3 },
 *   },
 * });
 */
export class ImageCatalog extends pulumi.ComponentResource {
  /** For an instance's `imageId`, by name. Known once the image is uploaded. */
  readonly imageIds: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: ImageCatalogArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`ImageCatalog "${name}"`, imageCatalogProblems(args));
    super("classroom:index:ImageCatalog", name, {}, opts);

    const { images, tags = [] } = args;
    this.imageIds = Object.fromEntries(
      Object.entries(images).map(([imageName, image]) => [
        imageName,
        this.createImage(`${name}-${imageName}-image`, imageName, image, tags),
      ]),
    );
    this.registerOutputs({ imageIds: this.imageIds });
  }

  private createImage(logicalName: string, imageName: string, args: ImageArgs, tags: string[]): pulumi.Output<string> {
    const { file, contentHash, diskFormat, minDiskGiB = 0, minRamMiB = 0, visibility = "private", properties } = args;
    const hash = contentHash === undefined ? undefined : { [HASH_PROPERTY]: contentHash.toLowerCase() };
    return new openstack.images.Image(
      logicalName,
      {
        name: imageName,
        containerFormat: "bare",
        diskFormat,
        ...(isUrl(file) ? { imageSourceUrl: file } : { localFilePath: file }),
        minDiskGb: minDiskGiB,
        minRamMb: minRamMiB,
        visibility,
        properties: properties === undefined && hash === undefined ? undefined : { ...properties, ...hash },
        protected: args.protected ?? false,
        tags,
      },
      // The provider would only write down the new hash.
      { parent: this, replaceOnChanges: [`properties.${HASH_PROPERTY}`] },
    ).id;
  }
}

/** Everything wrong with the arguments of an {@link ImageCatalog}. */
function imageCatalogProblems({ images }: ImageCatalogArgs): Problem[] {
  return Object.entries(images).flatMap(([name, image]) => under(`images.${name}`, imageProblems(name, image)));
}

function imageProblems(name: string, image: ImageArgs): Problem[] {
  const { file, contentHash, diskFormat, visibility, minDiskGiB = 0, minRamMiB = 0, properties = {} } = image;
  const problems: Problem[] = [];
  if (name === "" || name.length > LONGEST_NAME)
    problems.push({ path: "", reason: `the name has ${name.length} characters; use 1 to ${LONGEST_NAME}` });
  if (!isUrl(file) && !isAbsolute(file))
    problems.push({
      path: "file",
      reason: `"${file}" is neither an absolute path nor an https:// address; write the whole path`,
    });
  if (contentHash !== undefined && !/^[0-9a-f]{64}$/i.test(contentHash))
    problems.push({ path: "contentHash", reason: `"${contentHash}" is not a SHA-256; write 64 hexadecimal digits` });
  if (!DISK_FORMATS.includes(diskFormat))
    problems.push({
      path: "diskFormat",
      reason: `"${diskFormat}" is not a disk format; choose one of ${DISK_FORMATS.join(", ")}`,
    });
  if (visibility !== undefined && !VISIBILITIES.includes(visibility))
    problems.push({
      path: "visibility",
      reason: `"${visibility}" is not a visibility; choose one of ${VISIBILITIES.join(", ")}`,
    });
  for (const [path, value] of Object.entries({ minDiskGiB, minRamMiB }))
    if (!Number.isInteger(value) || value < 0)
      problems.push({ path, reason: `${value} is not a size; write a whole number from 0` });
  if (Object.hasOwn(properties, HASH_PROPERTY))
    problems.push({ path: `properties.${HASH_PROPERTY}`, reason: "is set from contentHash; leave it out" });
  return problems;
}

function isUrl(file: string): boolean {
  return file.startsWith("https://");
}
