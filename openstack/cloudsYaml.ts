import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { UserError } from "../terminal/userError.ts";

const cloudsSchema = z.object({ clouds: z.record(z.string(), z.unknown()) });
const partsSchema = z.looseObject({ auth: z.looseObject({}).default({}) });

/** The entries of clouds.yaml; none where there is no such file, or none that can be read. */
export function cloudNames(env: NodeJS.ProcessEnv = process.env): string[] {
  try {
    const file = configFiles("clouds", env).find((candidate) => existsSync(candidate));
    return file === undefined ? [] : Object.keys(readClouds(file));
  } catch {
    return [];
  }
}

/**
 * An entry of clouds.yaml as it is written, with what secure.yaml has of it.
 *
 * @throws {UserError} when there is no such file or entry, naming those that there are.
 */
export function cloudEntry(name: string, env: NodeJS.ProcessEnv): { file: string; entry: unknown } {
  const files = configFiles("clouds", env);
  const file = files.find((candidate) => existsSync(candidate));
  if (file === undefined)
    throw new UserError(`the cloud "${name}" needs a clouds.yaml, and there is none of ${files.join(", ")}`);
  const clouds = readClouds(file);
  const entry = clouds[name];
  if (entry === undefined)
    throw new UserError(`${file}: has no cloud "${name}"; it has ${Object.keys(clouds).join(", ") || "none"}`);
  const secureFile = configFiles("secure", env).find((candidate) => existsSync(candidate));
  const secret = secureFile === undefined ? undefined : readClouds(secureFile)[name];
  return { file, entry: secret === undefined ? entry : joined(entry, secret) };
}

/** In the order in which the provider looks for them, and every OpenStack client. */
function configFiles(kind: "clouds" | "secure", env: NodeJS.ProcessEnv): string[] {
  const named = kind === "clouds" ? env["OS_CLIENT_CONFIG_FILE"] : undefined;
  const folders = ["", join(env["HOME"] ?? homedir(), ".config", "openstack"), "/etc/openstack"];
  return [
    ...(named === undefined ? [] : [named]),
    ...["yaml", "yml"].flatMap((ending) => folders.map((folder) => join(folder, `${kind}.${ending}`))),
  ];
}

function readClouds(file: string): Record<string, unknown> {
  const document = parseDocument(readFileSync(file, "utf8"));
  const [error] = document.errors;
  if (error !== undefined) throw new UserError(`${file}: ${error.message}`);
  const parsed = cloudsSchema.safeParse(document.toJS());
  if (!parsed.success) throw new UserError(`${file}: has no "clouds:" at its top`);
  return parsed.data.clouds;
}

/** What is no mapping is left to the check of the entry. */
function joined(entry: unknown, secret: unknown): unknown {
  const [open, hidden] = [partsSchema.safeParse(entry).data, partsSchema.safeParse(secret).data];
  if (open === undefined || hidden === undefined) return entry;
  return { ...open, ...hidden, auth: { ...open.auth, ...hidden.auth } };
}
