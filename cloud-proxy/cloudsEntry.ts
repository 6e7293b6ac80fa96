import { stringify } from "yaml";
import type { CloudSettings } from "../openstack/cloudSettings.ts";

/** Text of a clouds.yaml with one cloud, for {@link https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html|every OpenStack client}. */
export function cloudsYaml(name: string, { authUrl, region, cacert, credentials }: CloudSettings): string {
  return stringify({
    clouds: {
      [name]: {
        auth: { auth_url: authUrl, ...authOf(credentials) },
        ...(credentials.method === "applicationCredential" ? { auth_type: "v3applicationcredential" } : {}),
        ...(region === undefined ? {} : { region_name: region }),
        ...(cacert === undefined ? {} : { cacert }),
        identity_api_version: 3,
      },
    },
  });
}

function authOf(credentials: CloudSettings["credentials"]): Record<string, string> {
  if (credentials.method === "applicationCredential")
    return { application_credential_id: credentials.id, application_credential_secret: credentials.secret };
  const { password, project } = credentials;
  return {
    ...(credentials.method === "userId"
      ? { user_id: credentials.userId, password }
      : { username: credentials.username, password, ...named("user_domain", credentials.userDomain) }),
    ...("id" in project ? { project_id: project.id } : { project_name: project.name }),
    ...("domain" in project ? named("project_domain", project.domain) : {}),
  };
}

function named(what: string, domain: { name: string } | { id: string }): Record<string, string> {
  return "id" in domain ? { [`${what}_id`]: domain.id } : { [`${what}_name`]: domain.name };
}
