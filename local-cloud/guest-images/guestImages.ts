import { cirros } from "./cirros.ts";
import { debian12 } from "./debian12.ts";
import type { GuestImage } from "./guestImage.ts";

/** What the local cloud offers to start instances from. */
export const guestImages: readonly GuestImage[] = [cirros, debian12];

/** Programs of this machine that the builds call; what goes into the images is downloaded and unpacked, not installed here. */
export const guestImagesDebianPackages: readonly string[] = ["cpio", "e2fsprogs", "mmdebstrap", "qemu-utils"];
