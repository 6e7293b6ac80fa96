import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { type PluginKind, pulumiEnvironment } from "../pulumiToolchain.ts";
import type { Phase, Variant } from "../variant.ts";

const PROGRAM = join(import.meta.dirname, "plain-pulumi/index.ts");
const STACK = "bench";

const WORDS: Record<Phase, readonly string[]> = {
  create: ["up", "--yes", "--skip-preview"],
  "no-op": ["up", "--yes", "--skip-preview"],
  preview: ["preview"],
  "add-one": ["up", "--yes", "--skip-preview"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

/** An ordinary Pulumi program with all students in one stack, at Pulumi's own parallelism. */
export const plainPulumi = plain("plain-pulumi", "pulumi up: all students in one stack", "usual");

/** The same with the provider as it is released: where the toolchain builds it, another one is built without the delay fix. */
export const plainPulumiStock = plain(
  "plain-pulumi-stock",
  "pulumi up of one stack, the provider's own waits",
  "stock",
);

function plain(name: string, title: string, plugin: PluginKind): Variant {
  let toolchain: Record<string, string> = {};
  const envOf = (folder: string) => ({
    ...toolchain,
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "benchmark",
    // It would be the cloud of the students' own providers, too.
    OS_CLOUD: "",
  });
  return {
    ...{ name, title },
    async prepare(folder) {
      toolchain = await pulumiEnvironment(plugin);
      mkdirSync(join(folder, "state"));
      const runtime = { name: "nodejs", options: { typescript: false } };
      const project = { name: "plain", runtime, main: relative(folder, PROGRAM) };
      writeFileSync(join(folder, "Pulumi.yaml"), stringify(project));
      const pulumi = (...args: string[]) =>
        execa("pulumi", [...args, "--stack", STACK], { cwd: folder, env: envOf(folder), stdin: "ignore" });
      await execa("pulumi", ["stack", "init", STACK], { cwd: folder, env: envOf(folder), stdin: "ignore" });
      await pulumi("config", "set", "openstack:cloud", process.env["OS_CLOUD"] ?? "");
      await pulumi("config", "set", "variant", name);
      await pulumi("config", "set", "--secret", "passwordSeed", "benchmark-password");
    },
    command(phase, size, folder) {
      const args = [...WORDS[phase], "--stack", STACK, "--non-interactive", "--config", `students=${size}`];
      return { file: "pulumi", args, env: envOf(folder), cwd: folder };
    },
  };
}
