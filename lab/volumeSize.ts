import type { Problem } from "./problem.ts";

/** What is wrong with the size of a volume that is made from an image. */
export function volumeSizeProblems(path: string, sizeGiB: number, image: string, minDiskGiB: number): Problem[] {
  return sizeGiB < minDiskGiB
    ? [
        {
          path,
          reason: `${sizeGiB} GiB is less than the ${minDiskGiB} GiB that the image "${image}" needs; write at least ${minDiskGiB}`,
        },
      ]
    : [];
}
