import { describe, expect, it } from "vitest";
import { webServerInstanceProblems, type CheckedArgs } from "../../components/webServerInstanceChecks.ts";

const docker = { image: "httpd:2.4", documentRoot: "/usr/local/apache2/htdocs", insecureRegistries: [] };
const args: CheckedArgs = {
  ...{ imageName: "debian-12", web: "docker" },
  ...{ floatingIpPool: "public", routerInterfaceId: "interface-id" },
};
const problemsOf = (change: Partial<CheckedArgs>) => webServerInstanceProblems("web1", { ...args, ...change });

describe("the arguments of a WebServerInstance", () => {
  it.each(["", "--rm", "httpd 2.4", " httpd", "httpd\n"])("refuse the container image %j", (image) => {
    expect(problemsOf({ docker: { ...docker, image } })).toEqual([
      {
        path: "docker.image",
        reason: `"${image}" is empty, has a space or begins with "-"; write an image like "httpd:2.4"`,
      },
    ]);
  });

  it.each(["", "htdocs", "./htdocs", "/", "/htdocs:rw"])("refuse the document root %j", (documentRoot) => {
    expect(problemsOf({ docker: { ...docker, documentRoot } })).toEqual([
      {
        path: "docker.documentRoot",
        reason: `"${documentRoot}" is not an absolute path below "/" without a colon; write one like "/usr/local/apache2/htdocs"`,
      },
    ]);
  });

  it.each(["", "mirror.test", "ftp://mirror.test", "http://", "https://a b"])(
    "refuse the registry mirror %j",
    (registryMirror) => {
      expect(problemsOf({ docker: { ...docker, registryMirror } })).toEqual([
        {
          path: "docker.registryMirror",
          reason: `"${registryMirror}" is not an http:// or https:// URL; write one like "https://mirror.example.org"`,
        },
      ]);
    },
  );

  it.each([0, -1, 1.5, Infinity, NaN])("refuse to wait for %d, and say it of both waits at once", (time) => {
    expect(problemsOf({ timeoutMinutes: time, readiness: { timeoutSeconds: time } })).toEqual([
      { path: "timeoutMinutes", reason: `${time} is not a whole number of minutes above 0` },
      { path: "readiness.timeoutSeconds", reason: `${time} is not a whole number of seconds above 0` },
    ]);
  });

  it.each<Partial<CheckedArgs>>([
    { docker: { ...docker, image: "172.24.4.1:5005/httpd@sha256:0123", registryMirror: "http://mirror.test:5000" } },
    { docker: { ...docker, documentRoot: "/var/www/my pages" } },
    { timeoutMinutes: 1, readiness: { timeoutSeconds: 1 } },
    { readiness: {} },
  ])("take %j", (right) => {
    expect(problemsOf(right)).toEqual([]);
  });
});
