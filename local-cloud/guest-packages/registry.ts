import { existsSync, mkdirSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { recipeHash } from "../guest-images/recipe.ts";
import { inside } from "../namespace.ts";
import { cache, etc, state } from "../paths.ts";
import { type Program, quote } from "../program.ts";
import { makeHttpdImage } from "./httpdImage.ts";

/** Where guests find container images: `docker pull 172.24.4.1:5005/httpd`. Without TLS. */
export const registryAddress = "172.24.4.1:5005";

const config = join(etc, "docker-registry.yml");
const storage = join(state, "registry");

/** Debian's docker-registry, inside the cloud. */
export function registryProgram(): Program {
  const text = JSON.stringify(
    {
      version: "0.1",
      log: { level: "warn" },
      storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
      http: { addr: registryAddress },
    },
    null,
    2,
  );
  return {
    name: "registry",
    command: `/usr/bin/docker-registry serve ${quote(config)}`,
    where: "inside",
    port: 5005,
    // JSON is YAML.
    configFiles: [{ path: config, text: `${text}\n` }],
  };
}

export function prepareRegistry(): void {
  mkdirSync(storage, { recursive: true, mode: 0o700 });
}

/**
 * Puts the images, built once, into the running registry; what it has already is not sent again. Also under "library/", where Docker looks when
 * the registry is a mirror of Docker Hub: https://docs.docker.com/docker-hub/image-library/mirror/
 */
export async function fillRegistry(report: (line: string) => void): Promise<void> {
  report("httpd");
  const layout = join(cache, "containers", `httpd-${await recipeHash(["../guest-packages/httpdImage.ts"])}`);
  if (!existsSync(layout)) {
    // Left by a build that was cut short, or made from an older recipe.
    await rm(dirname(layout), { recursive: true, force: true });
    const draft = `${layout}.draft`;
    await makeHttpdImage(draft);
    await rename(draft, layout);
  }
  for (const name of ["httpd", "library/httpd"])
    await inside("skopeo", [
      ...["--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false"],
      ...[`oci:${layout}:latest`, `docker://${registryAddress}/${name}:latest`],
    ]);
}
