import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { indexHtml } from "../../cloud-init/page.ts";
import { webUserData, type WebUserData } from "../../cloud-init/userData.ts";

const base: WebUserData = {
  web: "apache",
  packageFamily: "debian",
  studentName: "Kim Minji",
  instanceName: "dev-kim-web1",
  docker: { image: "httpd:2.4", documentRoot: "/usr/local/apache2/htdocs", insecureRegistries: [] },
};
const cloudConfig = z.strictObject({
  package_update: z.literal(true),
  yum_repos: z.record(z.string(), z.unknown()).optional(),
  packages: z.array(z.string()),
  write_files: z.array(z.strictObject({ path: z.string(), content: z.string(), permissions: z.string().optional() })),
  runcmd: z.array(z.array(z.string())),
});
const read = (options: Partial<WebUserData>) => cloudConfig.parse(parse(webUserData({ ...base, ...options })));

const SERVED_BY = { apache: "Apache", docker: "the container httpd:2.4" };
const hostileNames = [
  "\n- runcmd: [reboot]",
  ": {",
  "!!python/object:os.system",
  "## template: jinja\n{{ v1.instance_id }}",
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' | & ; $(reboot) `reboot`",
  "---\n...",
  "\u0000\u0085\u2028\uFEFF",
  "김민지 🧑‍🎓",
  "   ",
  "\t- x",
];

describe("user data", () => {
  it("is a cloud-config that names every boot step, ready last", () => {
    expect(webUserData(base).startsWith("#cloud-config\n")).toBe(true);
    expect(read({}).runcmd.map(([command, step]) => [command, step])).toEqual([
      ["classroom-step", "install-apache2"],
      ["classroom-step", "start-apache2"],
      ["classroom-step", "ready"],
    ]);
    expect(read({ web: "docker" }).runcmd.map(([, step]) => step)).toEqual([
      "install-docker",
      "start-docker",
      "pull-image",
      "run-container",
      "ready",
    ]);
  });

  it("is the same text every time", () => {
    expect(webUserData(base)).toBe(webUserData({ ...base }));
  });

  describe.each(["apache", "docker"] as const)("with %s", (web) => {
    it.each(hostileNames)("carries the name %j and stays the same document otherwise", (studentName) => {
      expectOnlyThePageToDiffer(web, studentName);
    });

    it("carries any name and stays the same document otherwise", () => {
      const anyName = fc.string({ unit: "binary" });
      fc.assert(
        fc.property(anyName, (studentName) => {
          expectOnlyThePageToDiffer(web, studentName);
        }),
      );
    }, 30_000);
  });

  it("gives Docker the mirror and the insecure registries, and leaves the image's own settings alone when there are none", () => {
    const daemon = (docker: Partial<WebUserData["docker"]>) =>
      read({ web: "docker", docker: { ...base.docker, ...docker } }).write_files.find(
        ({ path }) => path === "/etc/docker/daemon.json",
      )?.content ?? "";
    expect(
      JSON.parse(daemon({ registryMirror: "https://mirror.test", insecureRegistries: ["172.24.4.1:5005"] })),
    ).toEqual({
      "registry-mirrors": ["https://mirror.test"],
      "insecure-registries": ["172.24.4.1:5005"],
    });
    expect(daemon({})).toBe("");
  });

  it("runs the named image with the page mounted where it serves from", () => {
    const docker = { image: "172.24.4.1:5005/httpd:latest", documentRoot: "/htdocs", insecureRegistries: [] };
    const run = read({ web: "docker", docker }).runcmd.find(([, step]) => step === "run-container");
    expect(run).toContain("/srv/classroom:/htdocs:ro");
    expect(run?.at(-1)).toBe("172.24.4.1:5005/httpd:latest");
  });

  it("uses the names of the package family", () => {
    expect(read({ packageFamily: "rhel" }).packages).toEqual(["httpd"]);
    expect(read({ packageFamily: "rhel", web: "docker" })).toMatchObject({
      packages: ["docker-ce"],
      yum_repos: { "docker-ce": {} },
    });
    expect(read({ web: "docker" })).not.toHaveProperty("yum_repos");
  });
});

function expectOnlyThePageToDiffer(web: keyof typeof SERVED_BY, studentName: string): void {
  const withoutPages = ({ write_files, ...rest }: z.infer<typeof cloudConfig>) => ({
    ...rest,
    write_files: write_files.map(({ path, content, ...file }) => ({
      ...file,
      path,
      content: path.endsWith("index.html") ? "" : content,
    })),
  });
  const hostile = read({ web, studentName });
  expect(withoutPages(hostile)).toEqual(withoutPages(read({ web })));
  const page = hostile.write_files.find(({ path }) => path.endsWith("index.html"))?.content;
  expect(page).toBe(indexHtml({ studentName, instanceName: base.instanceName, servedBy: SERVED_BY[web] }));
  expect(page).not.toContain("<script>");
  expect(page).not.toContain("<img");
}
