import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readVersions } from "../../toolchain/versions.ts";

const project = join(import.meta.dirname, "..", "..");

describe("the pinned versions", () => {
  it("are those of package.json, of the go.mod files, and of what npm has installed", async () => {
    const versions = readVersions();
    for (const [name, version] of [
      ["pulumi", versions.pulumi],
      ["openstack", versions.openstack],
      ["command", versions.command],
    ]) {
      const file = join(project, "node_modules", "@pulumi", name ?? "", "package.json");
      const installed = z.object({ version: z.string() }).parse(JSON.parse(await readFile(file, "utf8")));
      // @pulumi/openstack writes a "v" before it.
      expect(installed.version.replace(/^v/, "")).toBe(version);
    }
  });

  it("of Node are the same in package.json as in bootstrap.mjs, which runs before anything can be imported", async () => {
    const bootstrap = await readFile(join(project, "bootstrap.mjs"), "utf8");
    const { engines, devDependencies } = z
      .object({ engines: z.object({ node: z.string() }), devDependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(await readFile(join(project, "package.json"), "utf8")));
    const [, major, minor] = /OLDEST_NODE = \[(\d+), (\d+)\]/.exec(bootstrap) ?? [];
    expect(engines.node).toBe(`>=${major}.${minor}`);
    const [, pinned] = /PINNED_NODE = "(\d+)\./.exec(bootstrap) ?? [];
    expect(devDependencies["@types/node"]?.split(".")[0]).toBe(pinned);
  });

  it("refuse a package.json that wants others, naming each", async () => {
    const folder = await mkdtemp(join(tmpdir(), "toolchain-versions-"));
    const dependencies = { "@pulumi/pulumi": "3.260.0", "@pulumi/openstack": readVersions().openstack };
    await writeFile(join(folder, "package.json"), JSON.stringify({ dependencies }));
    expect(() => readVersions(folder)).toThrow(
      /package\.json wants @pulumi\/pulumi 3\.260\.0, versions\.json has 3\.259\.0\n.*@pulumi\/command not at all/,
    );
    await rm(folder, { recursive: true });
  });
});
