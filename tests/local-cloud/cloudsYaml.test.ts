import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { cloudsYamlProblem, withLocalCloud, withoutLocalCloud } from "../../local-cloud/cloudsYaml.ts";
import { newSecrets } from "../../local-cloud/secrets.ts";

const secrets = newSecrets();
const others = `# mine
clouds:
  # at work
  work:
    auth:
      auth_url: https://cloud.example.org:5000/v3 # the new one
cache:
  expiration: 60
`;
const foreign = "clouds:\n  local:\n    auth:\n      auth_url: http://10.1.2.3:5000/v3\n";

describe("the user's clouds.yaml", () => {
  it("gets our entry and keeps every other line", () => {
    const text = withLocalCloud(others, secrets);
    expect(parse(text)).toMatchObject({
      clouds: {
        work: { auth: { auth_url: "https://cloud.example.org:5000/v3" } },
        local: { auth: { auth_url: "http://127.0.0.1:5000/v3", username: "admin", password: secrets.admin } },
      },
      cache: { expiration: 60 },
    });
    for (const line of others.split("\n")) expect(text.split("\n")).toContain(line);
  });

  it.each(["", "---\n", "clouds:\n", "clouds: {}\n"])("gets our entry when it says nothing: %j", (text) => {
    expect(cloudsYamlProblem(text, "f")).toBeUndefined();
    expect(parse(withLocalCloud(text, secrets))).toHaveProperty("clouds.local.auth.password", secrets.admin);
  });

  it("does not change when our entry is there", () => {
    const text = withLocalCloud(others, secrets);
    expect(withLocalCloud(text, secrets)).toBe(text);
  });

  it("gets a new password when the cloud was made anew", () => {
    const again = withLocalCloud(withLocalCloud(others, newSecrets()), secrets);
    expect(again).toBe(withLocalCloud(others, secrets));
  });

  it("is as it was after our entry is taken out", () => {
    expect(withoutLocalCloud(withLocalCloud(others, secrets))).toBe(others);
  });

  it("is deleted when nothing but our entry was in it", () => {
    expect(withoutLocalCloud(withLocalCloud("", secrets))).toBeUndefined();
  });

  it("keeps somebody else's cloud of our name", () => {
    expect(withoutLocalCloud(foreign)).toBe(foreign);
    expect(cloudsYamlProblem(foreign, "clouds.yaml")).toBe(
      'clouds.yaml has a cloud "local" already, at http://10.1.2.3:5000/v3: give that one another name',
    );
  });

  it.each([
    ["clouds: [", "is not valid YAML"],
    ["- a\n", "is not a list of clouds"],
    ["clouds: [a]\n", '"clouds" in f is not a list of clouds'],
    ["clouds:\n  local:\n", 'has a cloud "local" already'],
  ])("is refused when it is %j", (text, reason) => {
    expect(cloudsYamlProblem(text, "f")).toContain(reason);
  });

  it("may be ours", () => {
    expect(cloudsYamlProblem(withLocalCloud(others, secrets), "f")).toBeUndefined();
  });
});
