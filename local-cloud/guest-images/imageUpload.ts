import { z } from "zod";
import { type BuiltImage, type ImageRecipe, type OpenStack, recipeProperty } from "./guestImage.ts";

/** A built image and what Glance shall know about it. */
export interface Upload extends Pick<ImageRecipe, "name" | "loginUser" | "distribution" | "minRamMiB" | "minDiskGiB"> {
  hash: string;
  kernelCommandLine: string;
  files: BuiltImage;
}

const imageList = z.array(z.object({ ID: z.string(), Status: z.string() }));
const imageDetails = z.object({ properties: z.record(z.string(), z.unknown()) });

/** See `GuestImage.upload`. */
export async function uploadImage(openstack: OpenStack, upload: Upload): Promise<void> {
  const { name, hash } = upload;
  const found = await imagesNamed(openstack, name);
  const current = found.find(({ status, recipe }) => status === "active" && recipe === hash);
  const others = found.filter((image) => image !== current);
  // An upload that was cut short.
  for (const { id } of others.filter(({ status }) => status !== "active")) await openstack(["image", "delete", id]);
  const older = others.filter(({ status }) => status === "active");
  if (current !== undefined && older.length === 0) return;

  // The name changes hands only when all of the new image is there.
  const id = current?.id ?? (await create(openstack, upload));
  for (const old of older)
    await openstack(["image", "set", "--hidden", "--name", `${name} (replaced, ${old.recipe ?? "unknown"})`, old.id]);
  if (current === undefined) await openstack(["image", "set", "--name", name, "--public", id]);
}

interface Found {
  id: string;
  status: string;
  recipe: string | undefined;
}

async function imagesNamed(openstack: OpenStack, name: string): Promise<Found[]> {
  const listed = imageList.parse(JSON.parse(await openstack(["image", "list", "--name", name, "-f", "json"])));
  const found: Found[] = [];
  for (const { ID, Status } of listed) {
    const { properties } = imageDetails.parse(JSON.parse(await openstack(["image", "show", ID, "-f", "json"])));
    const recipe = properties[recipeProperty];
    found.push({ id: ID, status: Status, recipe: typeof recipe === "string" ? recipe : undefined });
  }
  return found;
}

/** Under a name of its own, private, until it is complete. */
async function create(openstack: OpenStack, upload: Upload): Promise<string> {
  const { name, hash, files, distribution, loginUser, minRamMiB, minDiskGiB, kernelCommandLine } = upload;
  const kernel = await createPart(openstack, `${name}-kernel`, hash, "aki", files.kernel);
  const ramdisk = await createPart(openstack, `${name}-ramdisk`, hash, "ari", files.initramfs);
  const properties = {
    kernel_id: kernel,
    ramdisk_id: ramdisk,
    os_command_line: kernelCommandLine,
    os_type: "linux",
    os_distro: distribution.name,
    os_version: distribution.version,
    os_admin_user: loginUser,
    login_user: loginUser,
    architecture: "x86_64",
    // Without a source of randomness an emulated guest waits for one before it makes its ssh host key.
    hw_rng_model: "virtio",
    hw_disk_bus: "virtio",
    hw_vif_model: "virtio",
    [recipeProperty]: hash,
  };
  const created = await openstack([
    ...["image", "create", "--private", "--disk-format", "qcow2", "--container-format", "bare", "--file", files.disk],
    ...["--min-ram", String(minRamMiB), "--min-disk", String(minDiskGiB)],
    ...Object.entries(properties).flatMap(([key, value]) => ["--property", `${key}=${value}`]),
    ...["-f", "value", "-c", "id", `${name} (${hash})`],
  ]);
  return created.trim();
}

/**
 * Kernel or ramdisk: "community" lets every project start instances with it and shows it in nobody else's list.
 *
 * @returns its ID
 */
async function createPart(
  openstack: OpenStack,
  name: string,
  hash: string,
  format: "aki" | "ari",
  file: string,
): Promise<string> {
  const created = await openstack([
    ...["image", "create", "--community", "--disk-format", format, "--container-format", format, "--file", file],
    ...["--property", `${recipeProperty}=${hash}`, "-f", "value", "-c", "id", name],
  ]);
  return created.trim();
}
