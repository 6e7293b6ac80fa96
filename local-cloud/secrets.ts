import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeConfig } from "./files.ts";
import { home } from "./paths.ts";

/** The parts of OpenStack that have a user of their own in Keystone: the core's, then those of optional services. */
const serviceUsers = ["glance", "placement", "neutron", "nova", "cinder", "swift", "octavia", "heat"] as const;
export type ServiceUser = (typeof serviceUsers)[number];
/** MariaDB's users. */
const databaseOwners = ["keystone", "glance", "placement", "neutron", "nova", "cinder", "octavia", "heat"] as const;
/** Optional services that sign, encrypt or hash with something of their own. */
const keyOwners = ["horizon", "swift", "octavia", "heat"] as const;

const password = z.string().regex(/^[0-9a-f]{40}$/);
const Secrets = z.object({
  /** The cloud's administrator. */
  admin: password,
  rabbitmq: password,
  /** Shared by Neutron's metadata agent and Nova: signs who a guest is. */
  metadata: password,
  /** In Keystone. */
  services: z.record(z.enum(serviceUsers), password),
  /** In MariaDB. */
  databases: z.record(z.enum(databaseOwners), password),
  keys: z.record(z.enum(keyOwners), password),
});
export type Secrets = z.infer<typeof Secrets>;

/** As a version of the project that knew fewer services may have written it. */
const Stored = z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())]));

export const secretsFile = join(home, "secrets.json");

/** Passwords once made stay: the databases and the user's clouds.yaml know them. */
export function makeSecrets(): Secrets {
  const secrets = readSecrets() ?? newSecrets();
  writeConfig({ path: secretsFile, text: `${JSON.stringify(secrets, null, 2)}\n` });
  return secrets;
}

/** undefined while the cloud is not installed. */
export function readSecrets(): Secrets | undefined {
  return existsSync(secretsFile) ? completeSecrets(JSON.parse(readFileSync(secretsFile, "utf8"))) : undefined;
}

/** With new passwords for what it does not name. */
export function completeSecrets(stored: unknown): Secrets {
  const known = Stored.parse(stored);
  return Secrets.parse(
    Object.fromEntries(
      Object.entries(newSecrets()).map(([name, made]) => {
        const value = known[name];
        return [name, typeof made === "object" && typeof value === "object" ? { ...made, ...value } : (value ?? made)];
      }),
    ),
  );
}

export function newSecrets(): Secrets {
  // Hexadecimal: no character that a URL, an INI file or a shell would treat in a way of its own.
  const make = () => randomBytes(20).toString("hex");
  const forEach = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, make()]));
  return Secrets.parse({
    admin: make(),
    rabbitmq: make(),
    metadata: make(),
    services: forEach(serviceUsers),
    databases: forEach(databaseOwners),
    keys: forEach(keyOwners),
  });
}
