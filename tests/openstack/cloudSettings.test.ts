import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cloudSettings, namedCloud } from "../../openstack/cloudSettings.ts";

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
    auth: { auth_url: "http://keystone.test/v3/", username: teacher, password: 12345, project_name: class }
`;

describe("cloudSettings", () => {
  it("reads an entry of clouds.yaml", () => {
    expect(cloudSettings("campus", withFile(campus))).toMatchObject({
      authUrl: "http://keystone.test/v3",
      region: "RegionOne",
      credentials: {
        method: "password",
        username: "teacher",
        password: "12345",
        userDomain: { name: "Default" },
        project: { name: "class", domain: { name: "Default" } },
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
