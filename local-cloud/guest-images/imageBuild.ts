import { copyFile, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cache } from "../paths.ts";
import type { BuiltImage, GuestImage, ImageRecipe, Report } from "./guestImage.ts";
import { uploadImage } from "./imageUpload.ts";
import { makeKernel } from "./kernel.ts";
import { recipeHash } from "./recipe.ts";

const sharedParts = ["imageBuild.ts", "kernel.ts", "kernel", "rootFiles.ts"];

/** Two consoles: a screen (noVNC), and the serial line, which comes last because /dev/console and the console log are there. */
const sharedKernelArguments =
  "root=/dev/vda rw console=tty0 console=ttyS0,115200 quiet loglevel=3 mitigations=off net.ifnames=0";

/** An image from its recipe. */
export function guestImage(recipe: ImageRecipe): GuestImage {
  const { name, loginUser, minRamMiB, minDiskGiB } = recipe;
  return {
    name,
    loginUser,
    minRamMiB,
    minDiskGiB,
    recipe: () => hashOf(recipe),
    build: (report) => build(recipe, report),
    upload: async (openstack) => {
      const hash = await hashOf(recipe);
      const kernelCommandLine = `${sharedKernelArguments} ${recipe.kernelArguments}`.trim();
      await uploadImage(openstack, { ...recipe, hash, kernelCommandLine, files: filesIn(folderOf(name, hash)) });
    },
  };
}

async function build(recipe: ImageRecipe, report: Report): Promise<void> {
  const folder = folderOf(recipe.name, await hashOf(recipe));
  const siblings = await builds(recipe.name);
  if (siblings.includes(folder)) return;
  // Left by a build that was cut short, or made from an older recipe.
  for (const sibling of siblings) await execa("rm", ["-rf", "--one-file-system", sibling]);

  const work = `${folder}.unfinished`;
  await mkdir(work, { recursive: true, mode: 0o755 });
  report("kernel");
  const kernel = await makeKernel(work);
  const root = join(work, "root");
  await recipe.makeRoot({ root, work, kernel, report });

  report("disk");
  const files = filesIn(work);
  const raw = join(work, "raw");
  // The file system is written by mke2fs itself: no loop device, no mount. No blocks are kept back for root.
  await execa("mke2fs", [
    "-q",
    "-t",
    "ext4",
    "-b",
    "4096",
    "-m",
    "0",
    "-L",
    "root",
    "-d",
    root,
    raw,
    `${recipe.rootMiB}M`,
  ]);
  await execa("qemu-img", ["convert", "-c", "-O", "qcow2", raw, files.disk]);
  await copyFile(kernel.image, files.kernel);
  await rename(kernel.initramfs, files.initramfs);
  const keep = new Set(Object.values(files));
  for (const entry of await readdir(work))
    if (!keep.has(join(work, entry))) await rm(join(work, entry), { recursive: true });
  await rename(work, folder);
}

function hashOf({ madeFrom }: ImageRecipe): Promise<string> {
  return recipeHash([...sharedParts, ...madeFrom]);
}

function folderOf(name: string, hash: string): string {
  return join(cache, "images", `${name}-${hash}`);
}

function filesIn(folder: string): BuiltImage {
  return { kernel: join(folder, "vmlinuz"), initramfs: join(folder, "initramfs.gz"), disk: join(folder, "disk.qcow2") };
}

/** Finished and unfinished builds of an image, of any recipe. */
async function builds(name: string): Promise<string[]> {
  const images = join(cache, "images");
  await mkdir(images, { recursive: true });
  const mine = new RegExp(`^${name}-[0-9a-f]{12}(\\.unfinished)?$`);
  return (await readdir(images)).filter((entry) => mine.test(entry)).map((entry) => join(images, entry));
}
