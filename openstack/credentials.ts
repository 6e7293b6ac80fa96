import { z } from "zod";

export interface PasswordCredentials {
  method: "password";
  username: string;
  password: string;
  userDomain: DomainReference;
  project: ProjectReference;
}

/** A password of the user that the id names, in whatever domain. */
export interface UserIdCredentials {
  method: "userId";
  userId: string;
  password: string;
  project: ProjectReference;
}

export interface ApplicationCredentials {
  method: "applicationCredential";
  id: string;
  secret: string;
}

export type Credentials = PasswordCredentials | UserIdCredentials | ApplicationCredentials;
type DomainReference = { name: string } | { id: string };
type ProjectReference = { name: string; domain: DomainReference } | { id: string };

const text = z.union([z.string(), z.number()]).transform(String);
/** Keys of `auth:` in an entry of clouds.yaml; as a variable, OS_ and the key in capitals. */
export const authSchema = z.object({
  auth_url: text,
  username: text.optional(),
  user_id: text.optional(),
  password: text.optional(),
  token: text.optional(),
  project_name: text.optional(),
  project_id: text.optional(),
  user_domain_name: text.optional(),
  user_domain_id: text.optional(),
  project_domain_name: text.optional(),
  project_domain_id: text.optional(),
  domain_name: text.optional(),
  domain_id: text.optional(),
  default_domain: text.optional(),
  system_scope: text.optional(),
  application_credential_id: text.optional(),
  application_credential_name: text.optional(),
  application_credential_secret: text.optional(),
});
export type Auth = z.infer<typeof authSchema>;

/** How a key of `auth` is written where it stands. */
type Written = (key: keyof Auth) => string;

/**
 * The login that the provider would make of the same words; what it would understand otherwise, or not at all, is refused.
 * https://github.com/gophercloud/gophercloud/blob/v1.8.0/auth_options.go
 *
 * @param problems where everything is added that is wrong
 * @returns undefined where it is wrong
 */
export function readCredentials(auth: Auth, written: Written, problems: string[]): Credentials | undefined {
  const { token, application_credential_id: id, application_credential_name: name } = auth;
  if (token !== undefined) {
    problems.push(
      `${written("token")}: a token ends in the middle of work; give a user with password, or an application credential`,
    );
    return undefined;
  }
  return id === undefined && name === undefined && auth.application_credential_secret === undefined
    ? userLogin(auth, written, problems)
    : applicationLogin(auth, written, problems);
}

function applicationLogin(auth: Auth, written: Written, problems: string[]): ApplicationCredentials | undefined {
  const {
    application_credential_id: id,
    application_credential_name: name,
    application_credential_secret: secret,
  } = auth;
  if (auth.password !== undefined)
    problems.push(
      `${written("password")} and an application credential are both given, and the provider would take the password; keep one`,
    );
  if (id !== undefined && secret !== undefined) return { method: "applicationCredential", id, secret };
  problems.push(
    id === undefined && name !== undefined
      ? `${written("application_credential_name")}: name it by its id, as ${written("application_credential_id")}; ` +
          `openstack application credential show ${name} -c id tells it`
      : `an application credential needs both ${written("application_credential_id")} and ${written("application_credential_secret")}`,
  );
  return undefined;
}

function userLogin(auth: Auth, written: Written, problems: string[]): Credentials | undefined {
  const { username, user_id: userId, password } = auth;
  if (username !== undefined && userId !== undefined)
    problems.push(`${written("username")} and ${written("user_id")} are both given; keep one`);
  if ((username ?? userId) === undefined || password === undefined) problems.push("username or password is missing");
  const project = projectOf(auth, written, problems);
  if (userId !== undefined) {
    const [domain] = USER_DOMAINS.filter((key) => auth[key] !== undefined);
    if (domain !== undefined)
      problems.push(
        `${written("user_id")} and ${written(domain)}: the provider refuses a user's id with a domain, even with its default one; ` +
          "write user_id without any domain into an entry of clouds.yaml",
      );
    if (password === undefined || project === undefined) return undefined;
    return { method: "userId", userId, password, project };
  }
  const userDomain = domainOf(auth, "user");
  if (userDomain === undefined) problems.push(missingDomain("user", written));
  if (username === undefined || password === undefined || project === undefined || userDomain === undefined)
    return undefined;
  return { method: "password", username, password, userDomain, project };
}

function projectOf(auth: Auth, written: Written, problems: string[]): ProjectReference | undefined {
  const { project_id: id, project_name: name } = auth;
  if (auth.system_scope !== undefined)
    problems.push(`${written("system_scope")}: work is done in a project; leave it out`);
  if (id !== undefined) return { id };
  if (name === undefined) {
    problems.push("project_name or project_id is missing");
    return undefined;
  }
  const domain = domainOf(auth, "project");
  if (domain === undefined) problems.push(missingDomain("project", written));
  return domain && { name, domain };
}

const USER_DOMAINS = ["user_domain_name", "user_domain_id", "domain_name", "domain_id", "default_domain"] as const;

/** https://github.com/gophercloud/utils/blob/05e9e7f5ea4d/openstack/clientconfig/requests.go, setDomainIfNeeded */
function domainOf(auth: Auth, of: "user" | "project"): DomainReference | undefined {
  const id = auth[`${of}_domain_id`];
  if (id !== undefined) return { id };
  const name = auth[`${of}_domain_name`];
  if (name !== undefined) return { name };
  if (auth.domain_id !== undefined) return { id: auth.domain_id };
  if (auth.domain_name !== undefined) return { name: auth.domain_name };
  return auth.default_domain === undefined ? undefined : { id: auth.default_domain };
}

function missingDomain(of: "user" | "project", written: Written): string {
  const key = written(`${of}_domain_name`);
  return `${key} is missing, and the provider does not guess it; on most clouds it is Default`;
}

/** What Keystone is asked: https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management */
export function authRequest(credentials: Credentials): object {
  if (credentials.method === "applicationCredential") {
    const { id, secret } = credentials;
    return { identity: { methods: ["application_credential"], application_credential: { id, secret } } };
  }
  const { password, project } = credentials;
  const user =
    credentials.method === "userId"
      ? { id: credentials.userId, password }
      : { name: credentials.username, password, domain: credentials.userDomain };
  return { identity: { methods: ["password"], password: { user } }, scope: { project } };
}
