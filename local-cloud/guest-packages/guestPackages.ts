import type { Program } from "../program.ts";
import { aptCachePrograms, prepareAptCache } from "./aptCache.ts";
import { prepareRegistry, registryProgram } from "./registry.ts";

/** What the programs below are made of. */
export const guestPackagesDebianPackages: readonly string[] = ["apt-cacher-ng", "docker-registry", "skopeo", "socat"];

/** The guests' only sources in a cloud without a way to the internet: Debian packages and container images. */
export function guestPackagePrograms(): Program[] {
  return [...aptCachePrograms(), registryProgram()];
}

/** Folders, and a free port; to be called before the programs are asked for. */
export async function prepareGuestPackages(): Promise<void> {
  await prepareAptCache();
  prepareRegistry();
}

export { fillRegistry } from "./registry.ts";
