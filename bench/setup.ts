import { totalmem } from "node:os";
import { release } from "node:os";
import { execa } from "execa";
import { cores } from "./measure/machine.ts";
import { pluginVersions } from "./pulumiToolchain.ts";
import type { SetupRow } from "./rows.ts";
import type { Variant } from "./variant.ts";

/** Debian's packages of what the cloud is made of, by what they are called in the table. */
const CLOUD_PACKAGES = {
  keystone: "keystone",
  neutron: "neutron-server",
  nova: "nova-api",
  heat: "heat-engine",
  mariadb: "mariadb-server",
} as const;

/** On what and with what is measured. */
export async function readSetup(variants: readonly Variant[], cloud: string): Promise<SetupRow> {
  const packages = await Promise.all(
    Object.entries(CLOUD_PACKAGES).map(async ([name, found]) => [name, await packageVersion(found)] as const),
  );
  const known = packages.flatMap(([name, version]) => (version === undefined ? [] : [[name, version] as const]));
  return {
    kind: "setup",
    at: new Date().toISOString(),
    versions: { node: process.versions.node, ...(await pluginVersions()), ...Object.fromEntries(known) },
    machine: { cores, memoryMiB: Math.round(totalmem() / 2 ** 20), kernel: release() },
    cloud,
    variants: Object.fromEntries(variants.map(({ name, title }) => [name, title])),
  };
}

/** Undefined when it is not installed, or the machine is no Debian. */
async function packageVersion(name: string): Promise<string | undefined> {
  const { exitCode, stdout } = await execa("dpkg-query", ["-W", "-f", "${Version}", name], { reject: false });
  return exitCode === 0 && stdout !== "" ? stdout : undefined;
}
