import { z } from "zod";
import type { AdminApi } from "./adminApi.ts";
import { type GuestImage, recipeProperty } from "./guest-images/guestImage.ts";

const Images = z.object({ images: z.array(z.record(z.string(), z.unknown())) });

/** Whether the image of that name is the one that this version of the project would build. */
export async function hasImage(api: AdminApi, image: GuestImage): Promise<boolean> {
  const query = `/v2/images?name=${encodeURIComponent(image.name)}&status=active&visibility=public`;
  const { images } = Images.parse(await api.call("image", "GET", query));
  const recipe = await image.recipe();
  return images.length > 0 && images.every((found) => found[recipeProperty] === recipe);
}
