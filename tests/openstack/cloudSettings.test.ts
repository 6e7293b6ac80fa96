import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { cloudsYaml } from "../../cloud-proxy/cloudsEntry.ts";
import { cloudSettings, namedCloud } from "../../openstack/cloudSettings.ts";
import { authRequest } from "../../openstack/credentials.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "clouds-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function withFile(text: string): NodeJS.ProcessEnv {
  const file = join(folder, "clouds.yaml");
  writeFileSync(file, text);
  return { OS_CLIENT_CONFIG_FILE: file, HOME: folder };
}

const campus = `
clouds:
  campus:
    region_name: RegionOne
    auth: { auth_url: "http://keystone.test/v3/", username: teacher, password: 12345, project_name: class, domain_name: Campus }
`;
const login = { OS_AUTH_URL: "http://k.test", OS_USERNAME: "u", OS_PASSWORD: "p", OS_PROJECT_NAME: "c" };
const entry = (lab: object) => withFile(stringify({ clouds: { lab } }));
const auth = { auth_url: "http://k.test", username: "u", password: "p", project_id: "c", user_domain_id: "d" };

describe("cloudSettings", () => {
  it("reads an entry of clouds.yaml", () => {
    expect(cloudSettings("campus", withFile(campus))).toMatchObject({
      authUrl: "http://keystone.test/v3",
      region: "RegionOne",
      credentials: {
        method: "password",
        username: "teacher",
        password: "12345",
        userDomain: { name: "Campus" },
        project: { name: "class", domain: { name: "Campus" } },
      },
    });
  });

  it("reads the OS_* variables", () => {
    const env = {
      OS_AUTH_URL: "http://k.test",
      OS_APPLICATION_CREDENTIAL_ID: "a",
      OS_APPLICATION_CREDENTIAL_SECRET: "s",
      OS_REGION_NAME: "R",
    };
    expect(cloudSettings(undefined, env)).toMatchObject({
      source: "the OS_* variables",
      region: "R",
      credentials: { method: "applicationCredential", id: "a", secret: "s" },
    });
  });

  it("takes the domain that the provider takes where the OS_* variables name none", () => {
    expect(cloudSettings(undefined, login).credentials).toEqual({
      ...{ method: "password", username: "u", password: "p" },
      ...{ userDomain: { id: "default" }, project: { name: "c", domain: { id: "default" } } },
    });
  });

  it("reads a user by the id, logs in so, and writes it so", () => {
    const { user_domain_id: _domain, username, ...rest } = auth;
    const read = cloudSettings("lab", entry({ auth: { ...rest, user_id: username } }));
    expect(read.credentials).toEqual({ method: "userId", userId: "u", password: "p", project: { id: "c" } });
    expect(authRequest(read.credentials)).toEqual({
      identity: { methods: ["password"], password: { user: { id: "u", password: "p" } } },
      scope: { project: { id: "c" } },
    });
    expect(cloudSettings("copy", withFile(cloudsYaml("copy", read))).credentials).toEqual(read.credentials);
  });

  it("joins secure.yaml to the entry, and lets the shell's region and certificate win, as the provider does", () => {
    const { password, ...open } = auth;
    const env = {
      ...entry({ auth: open, region_name: "R1", cacert: "a.pem" }),
      OS_REGION_NAME: "R2",
      OS_CACERT: "b.pem",
    };
    const config = join(folder, ".config", "openstack");
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, "secure.yaml"), stringify({ clouds: { lab: { auth: { password } } } }));
    expect(cloudSettings("lab", env)).toMatchObject({
      ...{ region: "R2", cacert: "b.pem", authUrl: "http://k.test" },
      credentials: { username: "u", password: "p", project: { id: "c" }, userDomain: { id: "d" } },
    });
  });

  it("takes the services' addresses that the provider takes", () => {
    expect(cloudSettings(undefined, login).endpointType).toBe("public");
    const internal = { ...login, OS_ENDPOINT_TYPE: "internalURL", OS_INTERFACE: "internal" };
    expect(cloudSettings(undefined, internal).endpointType).toBe("internal");
  });

  it("takes an empty variable for none", () => {
    const env = { ...withFile(campus), OS_APPLICATION_CREDENTIAL_ID: "", OS_PASSWORD: "", OS_CLOUD: "" };
    expect(cloudSettings("campus", env)).toMatchObject({ region: "RegionOne" });
    expect(namedCloud(undefined, env)).toBeUndefined();
    expect(namedCloud("campus", env)).toBe("campus");
    expect(() => cloudSettings(undefined, { OS_AUTH_URL: "" })).toThrow(/no cloud is named/);
  });

  it("refuses a mix of both and names the variables", () => {
    expect(() => cloudSettings("campus", { ...withFile(campus), OS_AUTH_URL: "x", OS_PROJECT_NAME: "y" })).toThrow(
      /both the cloud "campus" of clouds.yaml and OS_AUTH_URL, OS_PROJECT_NAME are set/,
    );
  });

  it.each(["TOKEN", "AUTH_TOKEN", "USER_ID", "DOMAIN_ID", "DEFAULT_DOMAIN", "SYSTEM_SCOPE", "TENANT_NAME"])(
    "refuses OS_%s beside an entry, because the provider fills in with it",
    (name) => {
      expect(() => cloudSettings("lab", { ...entry({ auth }), [`OS_${name}`]: "x" })).toThrow(
        `clouds.yaml and OS_${name} are set`,
      );
    },
  );

  it.each([
    [{ auth: { ...auth, token: "t" } }, "token: a token ends in the middle of work; give a user with password"],
    [{ auth, auth_type: "v3oidcpassword" }, 'auth_type: "v3oidcpassword" is none of password, v3password'],
    [{ auth, profile: "vexxhost" }, "profile: profiles are not read; write what it stands for"],
    [{ auth, verify: false }, "verify: false (OS_INSECURE) would give the password to whoever answers"],
    [{ auth, cert: "me.pem" }, "cert, key: client certificates are not supported"],
    [
      { auth, interface: "internal" },
      "interface: the provider takes public addresses whatever stands there; for the others set OS_ENDPOINT_TYPE=internal",
    ],
    [{ auth: { ...auth, user_id: "u" } }, "username and user_id are both given; keep one"],
    [
      { auth: { ...auth, username: undefined, user_id: "u" } },
      "user_id and user_domain_id: the provider refuses a user's id with a domain",
    ],
    [
      { auth: { ...auth, user_domain_id: undefined } },
      "user_domain_name is missing, and the provider does not guess it",
    ],
    [{ auth: { ...auth, project_id: undefined, project_name: "c" } }, "project_domain_name is missing"],
    [{ auth: { ...auth, system_scope: "all" } }, "system_scope: work is done in a project; leave it out"],
    [
      { auth: { auth_url: "x", application_credential_name: "class", application_credential_secret: "s" } },
      "application_credential_name: name it by its id, as application_credential_id; openstack application credential show class -c id",
    ],
    [
      { auth: { ...auth, application_credential_id: "a", application_credential_secret: "s" } },
      "password and an application credential are both given",
    ],
  ])("refuses the entry %j, which the provider or we would not understand", (lab, reason) => {
    expect(() => cloudSettings("lab", entry(lab))).toThrow(`cloud "lab" of ${join(folder, "clouds.yaml")}: ${reason}`);
  });

  it("names the variables, and every problem at once", () => {
    const env = { OS_AUTH_URL: "x", OS_USER_ID: "u", OS_AUTH_TYPE: "v3totp", OS_INSECURE: "True" };
    expect(() => cloudSettings(undefined, env)).toThrow(
      new RegExp(
        [
          'OS_AUTH_TYPE: "v3totp" is none of',
          "verify: false \\(OS_INSECURE\\) would",
          "username or password is missing",
          "project_name or project_id is missing",
          "OS_USER_ID and OS_DEFAULT_DOMAIN: the provider refuses",
        ].join("[^]*"),
      ),
    );
    expect(() => cloudSettings(undefined, { ...login, OS_AUTH_TOKEN: "t" })).toThrow(
      "variables: OS_TOKEN: a token ends",
    );
    expect(() => cloudSettings(undefined, { ...login, OS_ENDPOINT_TYPE: "inside" })).toThrow(
      '"inside" is none of public',
    );
  });

  it.each([
    ["no cloud at all", undefined, {}, "no cloud is named"],
    [
      "an application credential by half",
      undefined,
      { OS_AUTH_URL: "x", OS_APPLICATION_CREDENTIAL_ID: "a" },
      "needs both",
    ],
    ["no password", undefined, { OS_AUTH_URL: "x", OS_USERNAME: "u" }, "username or password is missing"],
    [
      "no project",
      undefined,
      { OS_AUTH_URL: "x", OS_USERNAME: "u", OS_PASSWORD: "p" },
      "project_name or project_id is missing",
    ],
  ])("refuses %s", (_case, cloud, env, reason) => {
    expect(() => cloudSettings(cloud, env)).toThrow(reason);
  });

  it.each([
    ["an unknown entry", campus, 'has no cloud "lab"; it has campus'],
    ["an entry without auth", "clouds: { lab: {} }", "clouds.lab.auth"],
    ["no clouds", "cloud: {}", 'has no "clouds:" at its top'],
    ["no YAML", "clouds: {", "at line 1"],
  ])("refuses %s and names the file", (_case, text, reason) => {
    expect(() => cloudSettings("lab", withFile(text))).toThrow(reason);
    expect(() => cloudSettings("lab", withFile(text))).toThrow(join(folder, "clouds.yaml"));
  });

  it("names where it looked when there is no clouds.yaml", () => {
    expect(() => cloudSettings("lab", { HOME: folder, OS_CLIENT_CONFIG_FILE: join(folder, "none.yaml") })).toThrow(
      join(folder, ".config", "openstack", "clouds.yaml"),
    );
  });
});
