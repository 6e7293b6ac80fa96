import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { STUDENT } from "../../bench/student.ts";
import type { Command, Phase, Variant } from "../../bench/variant.ts";
import { heat } from "../../bench/variants/heat.ts";
import { openstackCliVariants } from "../../bench/variants/openstackCli.ts";
import { openTofuVariants } from "../../bench/variants/openTofu.ts";
import { readVersions } from "../../toolchain/versions.ts";

const bench = join(import.meta.dirname, "../../bench");
const text = (path: string) => readFileSync(join(bench, path), "utf8");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "peers-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What the variant runs; fails where it has no such operation. */
function command(variant: Variant, phase: Phase, size: number): Command {
  const found = variant.command(phase, size, folder);
  if (found === undefined) throw new Error(`${variant.name} has no ${phase}`);
  return found;
}

describe("OpenTofu", () => {
  const PROVIDER = "github.com/terraform-provider-openstack/terraform-provider-openstack";

  it("gets the provider that our own plugin is made of", () => {
    const version = readVersions().goModules["resource-openstack"]?.[PROVIDER];
    expect(version).toMatch(/^v\d/);
    expect(text("go/terraform-provider-openstack/go.mod")).toContain(`require ${PROVIDER} ${version ?? ""}\n`);
    expect(text("variants/openTofu/projects.tf")).toContain(`version = "${version?.slice(1) ?? ""}"\n`);
  });

  it("is told nothing that the student of all variants has not", () => {
    const said = text("variants/openTofu/projects.tf") + text("variants/openTofu/student/main.tf");
    const names = [...said.matchAll(/var\.student\.([\w.]+)/g)].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) expect(STUDENT, name).toHaveProperty(name);
  });

  it("is asked for so many students and so much at once", () => {
    const p64 = openTofuVariants.find(({ name }) => name === "tofu-fast-p64");
    const { args } = command(p64 ?? heat, "add-one", 4);
    expect(args).toContain("-var=students=4");
    expect(args).toContain("-parallelism=64");
    expect(args).toContain("apply");
  });

  it("has the administrator's cloud in a variable, so that no student's login is mixed with it", async () => {
    const [variant = heat] = openTofuVariants;
    const { file, args } = command(variant, "preview", 1);
    // The script, with another program in OpenTofu's place.
    const shown = await execa(file, [args[0] ?? "", args[1] ?? "", "/usr/bin/env"], {
      env: { OS_CLOUD: "counted", OS_CLIENT_CONFIG_FILE: "/a/clouds.yaml" },
    });
    expect(shown.stdout).toMatch(/^TF_VAR_cloud=counted$/m);
    expect(shown.stdout).toMatch(/^TF_VAR_clouds_yaml=\/a\/clouds.yaml$/m);
    expect(shown.stdout).toMatch(/^OS_CLIENT_CONFIG_FILE=\/a\/clouds.yaml$/m);
    expect(shown.stdout).toMatch(/^OS_CLOUD=$/m);
  });
});

describe("Heat", () => {
  it("is told nothing that the student of all variants has not", () => {
    const said = text("variants/heat/student.yaml");
    const paths = [...said.matchAll(/get_param: \[student, ([\w, ]+)\]/g)].map(([, path = ""]) => path.split(", "));
    expect(paths.length).toBeGreaterThan(15);
    for (const path of paths) expect(STUDENT, path.join(".")).toHaveProperty(path);
  });

  it("gives every student what a student's template asks for", () => {
    const parameters = z.object({ parameters: z.record(z.string(), z.unknown()) });
    const wanted = Object.keys(parameters.parse(parse(text("variants/heat/student.yaml"))).parameters);
    for (const name of wanted) expect(text("variants/heat/class.yaml")).toMatch(new RegExp(`^ {10}${name}:`, "m"));
  });

  it("keeps one password for all phases", async () => {
    await heat.prepare(folder);
    expect(command(heat, "create", 1).args.at(-1)).toMatch(/^[0-9a-f]{32}$/);
    expect(command(heat, "create", 1).args.at(-1)).toBe(command(heat, "destroy", 2).args.at(-1));
    expect(statSync(join(folder, "seed")).mode & 0o077).toBe(0);
  });
});

describe.each(openstackCliVariants)("$name", (variant) => {
  const names = ({ args }: Command) => args.filter((word) => word.startsWith("bn-"));

  it("makes one student more, and destroys all", () => {
    expect(names(command(variant, "create", 2)).map((name) => name.slice(-6))).toEqual(["-s0001", "-s0002"]);
    expect(names(command(variant, "add-one", 3)).map((name) => name.slice(-6))).toEqual(["-s0003"]);
    expect(names(command(variant, "destroy", 3))).toHaveLength(3);
  });

  it("has no row for what it cannot do", () => {
    expect(variant.command("no-op", 1, folder)).toBeUndefined();
    expect(variant.command("preview", 1, folder)).toBeUndefined();
  });

  /** Runs it with this in place of `openstack`. */
  async function withFake(phase: Phase, fake: string) {
    await variant.prepare(folder);
    const { file, args, env } = command(variant, phase, 1);
    writeFileSync(join(folder, "openstack"), `#!/bin/sh\n${fake}\n`, { mode: 0o755 });
    const PATH = `${folder}:${env["PATH"] ?? ""}`;
    return execa(file, args, { env: { ...env, PATH }, reject: false, all: true });
  }

  it("gives its script all that it asks for", async () => {
    const log = () => join(folder, "commands");
    const record = `[ $# -gt 0 ] && echo "$OS_USERNAME: $@" >> ${log()} || sed "s/^/$OS_USERNAME: /" >> ${log()}; echo some-id`;
    for (const phase of ["create", "destroy"] as const) {
      const { exitCode, stderr } = await withFake(phase, `OS_USERNAME=\${OS_USERNAME:-administrator}; ${record}`);
      expect([exitCode, stderr]).toEqual([0, ""]);
    }
    const commands = readFileSync(log(), "utf8");
    const [name = ""] = names(command(variant, "create", 1));
    for (const made of ["network create lan ", "server create web1 .* --port web1 ", "security group delete web$"])
      expect(commands).toMatch(new RegExp(`^${name}: ${made}`, "m"));
    for (const made of ["project create", "quota set", "user delete", "security group delete some-id"])
      expect(commands).toMatch(new RegExp(`^administrator: ${made}`, "m"));
    expect(commands.match(/rule create/g)).toHaveLength(STUDENT.rules.length);
  });

  it("stops at the first command that fails, and says why", async () => {
    const { exitCode, all } = await withFake("create", '[ "$1" = configuration ] || { echo Error >&2; exit 1; }');
    expect([exitCode, all.trim()]).toEqual([123, "Error"]);
  });
});
