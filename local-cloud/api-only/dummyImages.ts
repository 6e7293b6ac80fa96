import { z } from "zod";
import type { AdminApi } from "../adminApi.ts";
import { guestImages } from "../guest-images/guestImages.ts";

/** Nothing will ever start from it. */
const CONTENT = new Uint8Array(1024);

/** The local cloud's images by name and by what they need of a flavor, with nothing in them; makes the missing ones. */
export async function makeDummyImages(api: AdminApi): Promise<void> {
  const Images = z.object({ images: z.array(z.object({ id: z.string(), name: z.string(), status: z.string() })) });
  const { images } = Images.parse(await api.call("image", "GET", "/v2/images?visibility=public&limit=1000"));
  for (const { name, loginUser, minRamMiB, minDiskGiB } of guestImages) {
    if (images.some((image) => image.name === name && image.status === "active")) continue;
    // An upload that was cut short.
    for (const { id } of images.filter((image) => image.name === name))
      await api.call("image", "DELETE", `/v2/images/${id}`);
    const made = await api.call("image", "POST", "/v2/images", {
      ...{ name, visibility: "public", disk_format: "raw", container_format: "bare" },
      ...{ min_ram: minRamMiB, min_disk: minDiskGiB, os_admin_user: loginUser, login_user: loginUser },
    });
    await api.call("image", "PUT", `/v2/images/${z.object({ id: z.string() }).parse(made).id}/file`, CONTENT);
  }
}
