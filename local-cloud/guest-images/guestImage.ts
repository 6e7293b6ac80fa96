import type { Kernel } from "./kernel.ts";

/** Shows one line of detail, replaced by the next. */
export type Report = (line: string) => void;

/** Runs the `openstack` command line against the cloud, as its administrator, and returns what it printed. */
export type OpenStack = (args: string[]) => Promise<string>;

/** A disk image that instances are started from: built here, from Debian packages, never downloaded. */
export interface GuestImage {
  /** In Glance. */
  name: string;
  /** The account that gets the instance's key pair. */
  loginUser: string;
  /** The least memory it boots and works with. */
  minRamMiB: number;
  minDiskGiB: number;
  /** Fingerprint of what it is made from; the uploaded image has it as property `recipeProperty`. */
  recipe(): Promise<string>;
  /** Builds it in the cache, unless it is there already, made from the same recipe. May be killed and called again at any time. */
  build(report: Report): Promise<void>;
  /**
   * Puts the built image into Glance, unless the same one is there. An older one loses its name to the new one and stays, hidden,
   * for the instances and snapshots that were made from it.
   */
  upload(openstack: OpenStack): Promise<void>;
}

export const recipeProperty = "classroom_recipe";

/** What differs from image to image. */
export interface ImageRecipe {
  name: string;
  loginUser: string;
  /** As in https://docs.openstack.org/glance/latest/admin/useful-image-properties.html: os_distro and os_version. */
  distribution: { name: string; version: string };
  minRamMiB: number;
  minDiskGiB: number;
  /** Of the file system as it is built; the root disk of an instance is as large as its flavor says. */
  rootMiB: number;
  /** For the kernel, after what all images share. */
  kernelArguments: string;
  /** Files and folders of this folder that the image is made from, beside those all images share. */
  madeFrom: readonly string[];
  /** Fills `root`, which does not exist yet, using `work` for what is thrown away. */
  makeRoot(place: { root: string; work: string; kernel: Kernel; report: Report }): Promise<void>;
}

/** The three files that make an image, in `folder`. */
export interface BuiltImage {
  kernel: string;
  initramfs: string;
  disk: string;
}
