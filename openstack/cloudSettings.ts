import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { UserError } from "../terminal/userError.ts";

/** How to log in to one cloud as one user. */
export interface CloudSettings {
  /** For people: `cloud "local" of clouds.yaml` or `OS_* variables`. */
  source: string;
  authUrl: string;
  region: string | undefined;
  /** PEM file of the authority that signed the API's certificate. */
  cacert: string | undefined;
  credentials: PasswordCredentials | ApplicationCredentials;
}

export interface PasswordCredentials {
  method: "password";
  username: string;
  password: string;
  userDomain: DomainReference;
  project: { name: string; domain: DomainReference } | { id: string };
}

export interface ApplicationCredentials {
  method: "applicationCredential";
  id: string;
  secret: string;
}

type DomainReference = { name: string } | { id: string };

const text = z.union([z.string(), z.number()]).transform(String);
const authSchema = z.object({
  auth_url: text,
  username: text.optional(),
  password: text.optional(),
  project_name: text.optional(),
  project_id: text.optional(),
  user_domain_name: text.optional(),
  user_domain_id: text.optional(),
  project_domain_name: text.optional(),
  project_domain_id: text.optional(),
  application_credential_id: text.optional(),
  application_credential_secret: text.optional(),
});
const entrySchema = z.object({ auth: authSchema, region_name: text.optional(), cacert: text.optional() });
const cloudsSchema = z.object({ clouds: z.record(z.string(), z.unknown()) });
type Auth = z.infer<typeof authSchema>;

/**
 * The cloud that the provider will use too: the entry `cloudName` of clouds.yaml, or the OS_* variables.
 * https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html
 *
 * @throws {UserError} for both at once (the provider would mix them), neither, a missing entry, or incomplete credentials.
 */
export function cloudSettings(cloudName: string | undefined, given: NodeJS.ProcessEnv = process.env): CloudSettings {
  // An empty variable says nothing, to the provider neither.
  const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
  const variables = Object.keys(env).filter((key) =>
    /^OS_(AUTH_URL|USERNAME|PASSWORD|PROJECT_|TENANT_|USER_DOMAIN|APPLICATION_CREDENTIAL)/.test(key),
  );
  if (cloudName !== undefined && variables.length > 0)
    throw new UserError(
      `both the cloud "${cloudName}" of clouds.yaml and ${variables.join(", ")} are set, and the provider would mix them; ` +
        `unset the variables, or remove openstack:cloud and OS_CLOUD`,
    );
  if (cloudName !== undefined) return fromCloudsYaml(cloudName, env);
  if (env["OS_AUTH_URL"] === undefined)
    throw new UserError(
      "no cloud is named; set one with `pulumi config set openstack:cloud <entry of clouds.yaml>`, OS_CLOUD, or the OS_* variables of an openrc file",
    );
  const auth: Record<string, string | undefined> = {};
  for (const key of Object.keys(authSchema.shape)) auth[key] = env[`OS_${key.toUpperCase()}`];
  return settings("the OS_* variables", authSchema.parse(auth), env["OS_REGION_NAME"], env["OS_CACERT"]);
}

/** The cloud that is meant: the given one, else that of OS_CLOUD; undefined when only the OS_* variables can tell. */
export function namedCloud(given: string | undefined, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const name = given ?? env["OS_CLOUD"];
  return name === "" ? undefined : name;
}

/** The entries of clouds.yaml; none where there is no such file, or none that can be read. */
export function cloudNames(env: NodeJS.ProcessEnv = process.env): string[] {
  try {
    const file = cloudsYamlFiles(env).find((candidate) => existsSync(candidate));
    return file === undefined ? [] : Object.keys(cloudsSchema.parse(parseYaml(file)).clouds);
  } catch {
    return [];
  }
}

function fromCloudsYaml(cloudName: string, env: NodeJS.ProcessEnv): CloudSettings {
  const files = cloudsYamlFiles(env);
  const file = files.find((candidate) => existsSync(candidate));
  if (file === undefined)
    throw new UserError(`the cloud "${cloudName}" needs a clouds.yaml, and there is none of ${files.join(", ")}`);
  const clouds = cloudsSchema.safeParse(parseYaml(file));
  if (!clouds.success) throw new UserError(`${file}: has no "clouds:" at its top`);
  const entry = clouds.data.clouds[cloudName];
  if (entry === undefined)
    throw new UserError(
      `${file}: has no cloud "${cloudName}"; it has ${Object.keys(clouds.data.clouds).join(", ") || "none"}`,
    );
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success)
    throw new UserError(
      parsed.error.issues
        .map(({ path, message }) => `${file}: clouds.${cloudName}.${path.join(".")}: ${message}`)
        .join("\n"),
    );
  const { auth, region_name, cacert } = parsed.data;
  return settings(`cloud "${cloudName}" of ${file}`, auth, region_name, cacert);
}

/** In the order in which every OpenStack client looks for it. */
function cloudsYamlFiles(env: NodeJS.ProcessEnv): string[] {
  const named = env["OS_CLIENT_CONFIG_FILE"];
  return [
    ...(named === undefined ? [] : [named]),
    "clouds.yaml",
    join(env["HOME"] ?? homedir(), ".config", "openstack", "clouds.yaml"),
    "/etc/openstack/clouds.yaml",
  ];
}

function parseYaml(file: string): unknown {
  const document = parseDocument(readFileSync(file, "utf8"));
  const [error] = document.errors;
  if (error !== undefined) throw new UserError(`${file}: ${error.message}`);
  return document.toJS();
}

function settings(source: string, auth: Auth, region: string | undefined, cacert: string | undefined): CloudSettings {
  return { source, authUrl: auth.auth_url.replace(/\/+$/, ""), region, cacert, credentials: credentials(source, auth) };
}

function credentials(source: string, auth: Auth): CloudSettings["credentials"] {
  const { application_credential_id: id, application_credential_secret: secret, username, password } = auth;
  if (id !== undefined && secret !== undefined) return { method: "applicationCredential", id, secret };
  if (id !== undefined || secret !== undefined)
    throw new UserError(
      `${source}: an application credential needs both application_credential_id and application_credential_secret`,
    );
  if (username === undefined || password === undefined)
    throw new UserError(`${source}: username or password is missing`);
  const { project_id, project_name } = auth;
  const domain = (name: string | undefined, domainId: string | undefined): DomainReference =>
    domainId === undefined ? { name: name ?? "Default" } : { id: domainId };
  const userDomain = domain(auth.user_domain_name, auth.user_domain_id);
  if (project_id !== undefined)
    return { method: "password", username, password, userDomain, project: { id: project_id } };
  if (project_name === undefined) throw new UserError(`${source}: project_name or project_id is missing`);
  const project = { name: project_name, domain: domain(auth.project_domain_name, auth.project_domain_id) };
  return { method: "password", username, password, userDomain, project };
}
