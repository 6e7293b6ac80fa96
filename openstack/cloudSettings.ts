import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import { cloudEntry } from "./cloudsYaml.ts";
import { authSchema, type Credentials, readCredentials } from "./credentials.ts";

/** How to log in to one cloud as one user. */
export interface CloudSettings {
  /** For people: `cloud "local" of clouds.yaml` or `OS_* variables`. */
  source: string;
  authUrl: string;
  region: string | undefined;
  /** PEM file of the authority that signed the API's certificate. */
  cacert: string | undefined;
  /** Which of the services' addresses are used. @default "public" */
  endpointType?: EndpointType;
  credentials: Credentials;
}

const ENDPOINT_TYPES = ["public", "internal", "admin"] as const;
type EndpointType = (typeof ENDPOINT_TYPES)[number];

const text = z.union([z.string(), z.number()]).transform(String);
const entrySchema = z.object({
  auth: authSchema,
  auth_type: text.optional(),
  profile: text.optional(),
  cloud: text.optional(),
  region_name: text.optional(),
  cacert: text.optional(),
  cert: text.optional(),
  key: text.optional(),
  verify: z.boolean().optional(),
  interface: text.optional(),
  endpoint_type: text.optional(),
});
type Entry = z.infer<typeof entrySchema>;

/** Variables that fill in what an entry of clouds.yaml leaves out, in the provider. */
const LOGIN_VARIABLE =
  /^OS_(AUTH_URL|AUTH_TOKEN|TOKEN|USERNAME|USER_ID|PASSWORD|PROJECT_|TENANT_|(USER_|DEFAULT_)?DOMAIN|SYSTEM_SCOPE|APPLICATION_CREDENTIAL)/;
/** Ways to log in that are supported: https://docs.openstack.org/keystoneauth/latest/plugin-options.html */
const AUTH_TYPES = ["password", "v3password", "v3applicationcredential"];

/**
 * The cloud that the provider will use too: the entry `cloudName` of clouds.yaml, or the OS_* variables.
 * https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html
 *
 * @throws {UserError} for both at once (the provider would mix them), neither, a missing entry, incomplete credentials, and what either
 *   the provider or we do not support.
 */
export function cloudSettings(cloudName: string | undefined, given: NodeJS.ProcessEnv = process.env): CloudSettings {
  // An empty variable says nothing, to the provider neither.
  const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
  const variables = Object.keys(env).filter((key) => LOGIN_VARIABLE.test(key));
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
  return fromVariables(env);
}

/** The cloud that is meant: the given one, else that of OS_CLOUD; undefined when only the OS_* variables can tell. */
export function namedCloud(given: string | undefined, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const name = given ?? env["OS_CLOUD"];
  return name === "" ? undefined : name;
}

function fromCloudsYaml(cloudName: string, env: NodeJS.ProcessEnv): CloudSettings {
  const { file, entry } = cloudEntry(cloudName, env);
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success)
    throw new UserError(
      parsed.error.issues
        .map(({ path, message }) => `${file}: clouds.${cloudName}.${path.join(".")}: ${message}`)
        .join("\n"),
    );
  const written = { ...parsed.data, ...sharedVariables(env) };
  return settings(`cloud "${cloudName}" of ${file}`, written, (key) => key, env);
}

function fromVariables(env: NodeJS.ProcessEnv): CloudSettings {
  const auth = {
    ...Object.fromEntries(Object.keys(authSchema.shape).map((key) => [key, env[`OS_${key.toUpperCase()}`]])),
    token: env["OS_TOKEN"] ?? env["OS_AUTH_TOKEN"],
    project_id: env["OS_PROJECT_ID"] ?? env["OS_TENANT_ID"],
    project_name: env["OS_PROJECT_NAME"] ?? env["OS_TENANT_NAME"],
    // The provider's: https://github.com/terraform-provider-openstack/terraform-provider-openstack/blob/v1.54.1/openstack/provider.go
    default_domain: env["OS_DEFAULT_DOMAIN"] ?? "default",
  };
  const written = { auth: authSchema.parse(auth), auth_type: env["OS_AUTH_TYPE"], ...sharedVariables(env) };
  return settings("the OS_* variables", written, (key) => `OS_${key.toUpperCase()}`, env);
}

/** Variables that the provider lets win over an entry of clouds.yaml. */
function sharedVariables(env: NodeJS.ProcessEnv): Partial<Entry> {
  const { OS_REGION_NAME, OS_CACERT, OS_CERT, OS_KEY, OS_INSECURE, OS_INTERFACE } = env;
  return {
    ...(OS_REGION_NAME === undefined ? {} : { region_name: OS_REGION_NAME }),
    ...(OS_CACERT === undefined ? {} : { cacert: OS_CACERT }),
    ...(OS_CERT === undefined ? {} : { cert: OS_CERT }),
    ...(OS_KEY === undefined ? {} : { key: OS_KEY }),
    ...(OS_INTERFACE === undefined ? {} : { interface: OS_INTERFACE }),
    ...(OS_INSECURE === undefined ? {} : { verify: !/^(1|t|true)$/i.test(OS_INSECURE) }),
  };
}

function settings(
  source: string,
  entry: Entry,
  written: (key: string) => string,
  env: NodeJS.ProcessEnv,
): CloudSettings {
  const problems = entryProblems(entry, written);
  const used = kindOfEndpoint(env["OS_ENDPOINT_TYPE"] ?? "public");
  const endpointType = ENDPOINT_TYPES.find((type) => type === used);
  const wanted = kindOfEndpoint(entry.endpoint_type ?? entry.interface ?? used);
  if (endpointType === undefined) problems.push(`OS_ENDPOINT_TYPE: "${used}" is none of ${ENDPOINT_TYPES.join(", ")}`);
  else if (wanted !== used)
    problems.push(
      `${written("interface")}: the provider takes ${used} addresses whatever stands there; for the others set OS_ENDPOINT_TYPE=${wanted}`,
    );
  const credentials = readCredentials(entry.auth, written, problems);
  if (credentials === undefined || endpointType === undefined || problems.length > 0)
    throw new UserError(problems.map((problem) => `${source}: ${problem}`).join("\n"));
  const { auth, region_name: region, cacert } = entry;
  return { source, authUrl: auth.auth_url.replace(/\/+$/, ""), region, cacert, endpointType, credentials };
}

/** What stands beside `auth` and would be understood differently by the provider and by us. */
function entryProblems(
  { auth_type, profile, cloud, cert, key, verify }: Entry,
  written: (key: string) => string,
): string[] {
  return [
    ...(profile === undefined && cloud === undefined
      ? []
      : ["profile: profiles are not read; write what it stands for (auth_url, region_name, …) into the entry"]),
    ...(auth_type === undefined || AUTH_TYPES.includes(auth_type)
      ? []
      : [
          `${written("auth_type")}: "${auth_type}" is none of ${AUTH_TYPES.join(", ")}; give a password or an application credential`,
        ]),
    ...(verify === false
      ? [
          "verify: false (OS_INSECURE) would give the password to whoever answers; name the PEM file of the authority instead: cacert (OS_CACERT)",
        ]
      : []),
    ...(cert === undefined && key === undefined
      ? []
      : ["cert, key: client certificates are not supported; use an address of the API that asks for none"]),
  ];
}

/** The provider knows the old names with URL at the end, too. */
const kindOfEndpoint = (text: string) => text.replace(/URL$/, "");
