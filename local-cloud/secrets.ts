import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "./files.ts";
import { home } from "./paths.ts";

/** The parts of OpenStack that have a user of their own in Keystone. */
export const serviceUsers = ["glance", "placement", "neutron", "nova"] as const;
export type ServiceUser = (typeof serviceUsers)[number];

const password = z.string().regex(/^[0-9a-f]{40}$/);
const Secrets = z.object({
  /** The cloud's administrator. */
  admin: password,
  rabbitmq: password,
  /** Shared by Neutron's metadata agent and Nova: signs who a guest is. */
  metadata: password,
  /** In Keystone. */
  services: z.record(z.enum(serviceUsers), password),
  /** In MariaDB, one user for each. */
  databases: z.record(z.enum(["keystone", ...serviceUsers]), password),
});
export type Secrets = z.infer<typeof Secrets>;

export const secretsFile = join(home, "secrets.json");

/** Passwords once made stay: the databases and the user's clouds.yaml know them. */
export function makeSecrets(): Secrets {
  const existing = readSecrets();
  if (existing !== undefined) return existing;
  const made = newSecrets();
  writeWhole({ path: secretsFile, text: `${JSON.stringify(made, null, 2)}\n` });
  return made;
}

/** undefined while the cloud is not installed. */
export function readSecrets(): Secrets | undefined {
  return existsSync(secretsFile) ? Secrets.parse(JSON.parse(readFileSync(secretsFile, "utf8"))) : undefined;
}

export function newSecrets(): Secrets {
  // Hexadecimal: no character that a URL, an INI file or a shell would treat in a way of its own.
  const make = () => randomBytes(20).toString("hex");
  return {
    admin: make(),
    rabbitmq: make(),
    metadata: make(),
    services: { glance: make(), placement: make(), neutron: make(), nova: make() },
    databases: { keystone: make(), glance: make(), placement: make(), neutron: make(), nova: make() },
  };
}
