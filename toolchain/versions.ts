import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { refuse } from "../terminal/userError.ts";

const semver = z.string().regex(/^\d+\.\d+\.\d+$/);
const versionsSchema = z.strictObject({
  pulumi: semver,
  openstack: semver,
  command: semver,
  oldestGo: semver,
  goModules: z.record(z.string(), z.record(z.string(), z.string())),
});

/** The pinned versions. `pulumi`, `openstack` and `command` are those of the npm packages; the plugins must match them. */
export type Versions = z.infer<typeof versionsSchema>;

/** The folder of this file. */
export const toolchainFolder = import.meta.dirname;

/** The Go programs that can be built here, by the name of their folder below toolchain/go. */
export const goFolder = (name: string): string => join(toolchainFolder, "go", name);

/**
 * Reads versions.json, the one place where versions are pinned, and checks that package.json and the go.mod files agree.
 *
 * @param project the folder with package.json; another one in tests
 * @throws UserError naming every disagreement
 */
export function readVersions(project = join(toolchainFolder, "..")): Versions {
  const versions = versionsSchema.parse(JSON.parse(readFileSync(join(toolchainFolder, "versions.json"), "utf8")));
  refuse("toolchain/versions.json does not match the rest of the project; change all of them together", [
    ...npmProblems(versions, project),
    ...goProblems(versions),
  ]);
  return versions;
}

function npmProblems(versions: Versions, project: string): string[] {
  const { dependencies } = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(project, "package.json"), "utf8")));
  return [
    { name: "@pulumi/pulumi", pinned: versions.pulumi },
    { name: "@pulumi/openstack", pinned: versions.openstack },
    { name: "@pulumi/command", pinned: versions.command },
  ].flatMap(({ name, pinned }) =>
    dependencies[name] === pinned
      ? []
      : [`package.json wants ${name} ${dependencies[name] ?? "not at all"}, versions.json has ${pinned}`],
  );
}

function goProblems(versions: Versions): string[] {
  return Object.entries(versions.goModules).flatMap(([folder, modules]) => {
    const goMod = readFileSync(join(goFolder(folder), "go.mod"), "utf8");
    const wanted = [`go ${versions.oldestGo}`, ...Object.entries(modules).map((pair) => pair.join(" "))];
    const lines = new Set(goMod.split("\n").map((line) => line.replace(/^require /, "").trim()));
    return wanted.filter((line) => !lines.has(line)).map((line) => `toolchain/go/${folder}/go.mod lacks "${line}"`);
  });
}
