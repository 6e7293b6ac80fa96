import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { requireToolchain } from "./installedToolchain.ts";

/** Engine, language host and plugin together: slower than the rest, so not left to the default of 5 s. */
const TIMEOUT_MS = 120_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "toolchain-engine-"));
  await mkdir(join(folder, "state"));
  await symlink(join(import.meta.dirname, "..", "..", "node_modules"), join(folder, "node_modules"));
  const runtime = { name: "nodejs", options: { typescript: false } };
  await writeFile(join(folder, "Pulumi.yaml"), JSON.stringify({ name: "probe", runtime, main: "index.ts" }));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program with one local.Command and its outputs. */
function program(args: Record<string, unknown>): Promise<void> {
  return writeFile(
    join(folder, "index.ts"),
    [
      'import { local } from "@pulumi/command";',
      'import * as pulumi from "@pulumi/pulumi";',
      "const words: string[] = []; // Only Node that strips types can read this line.",
      'const token = new pulumi.Config().requireSecret("token");',
      `const command = new local.Command("probe", { environment: { TOKEN: token }, ...${JSON.stringify(args)} });`,
      "export const { stdout } = command;",
      'export const answer = local.runOutput({ command: "echo 42" }).stdout;',
      "export { words };",
    ].join("\n"),
  );
}

function pulumi(env: Record<string, string>, args: readonly string[]) {
  return execa("pulumi", [...args, "--non-interactive"], {
    cwd: folder,
    env: { ...env, PULUMI_BACKEND_URL: `file://${folder}/state`, PULUMI_CONFIG_PASSPHRASE: "test" },
    reject: false,
    all: true,
  });
}

const preview = z.object({ steps: z.array(z.object({ op: z.string(), urn: z.string() })) });

describe("a program with local.Command on the real engine", () => {
  it(
    "runs create, update and delete as documented, and shows no secret",
    async (context) => {
      const { env } = requireToolchain(context);
      const log = join(folder, "log");
      const run = async (...args: string[]) => {
        const done = await pulumi(env, args);
        expect(done.exitCode, done.all).toBe(0);
        return done;
      };
      const plannedFor = async (args: Record<string, unknown>) => {
        await program(args);
        const { steps } = preview.parse(JSON.parse((await run("preview", "--json")).stdout));
        return steps.filter(({ urn }) => urn.endsWith("::probe")).map(({ op }) => op);
      };
      await run("stack", "init", "test");
      await run("config", "set", "--secret", "token", "hunter2hunter2");

      const first = { create: `echo created >> ${log}; echo one`, delete: `echo deleted >> ${log}`, triggers: ["a"] };
      await program(first);
      const up = await run("up", "--yes", "--skip-preview");
      expect(up.all).not.toMatch(/warning|hunter2/);
      const outputs = z
        .object({ stdout: z.string(), answer: z.string() })
        .parse(JSON.parse((await run("stack", "output", "--json", "--show-secrets")).stdout));
      expect(outputs).toEqual({ stdout: "one", answer: "42" });
      expect(await plannedFor(first)).toEqual([]);

      const updated = { ...first, update: `echo "updated after $PULUMI_COMMAND_STDOUT" >> ${log}; echo two` };
      expect(await plannedFor(updated)).toEqual(["update"]);
      await run("up", "--yes", "--skip-preview");
      expect(await plannedFor({ ...updated, triggers: ["b"] })).toContain("replace");

      await program({ ...updated, update: "echo $TOKEN; exit 3" });
      const failed = await pulumi(env, ["up", "--yes", "--skip-preview"]);
      expect(failed.exitCode).not.toBe(0);
      expect(failed.all).toContain("exit status 3");
      expect(failed.all).not.toContain("hunter2");

      await run("destroy", "--yes", "--skip-preview");
      expect(await readFile(log, "utf8")).toBe("created\nupdated after one\ndeleted\n");
      expect(await readFile(join(folder, "state", ".pulumi", "stacks", "probe", "test.json"), "utf8")).not.toContain(
        "hunter2",
      );
    },
    TIMEOUT_MS,
  );

  it(
    "says where the program went wrong",
    async (context) => {
      const { env } = requireToolchain(context);
      await writeFile(join(folder, "index.ts"), 'throw new Error("the roster is empty");\n');
      await pulumi(env, ["stack", "init", "test"]);
      const failed = await pulumi(env, ["preview"]);
      expect(failed.exitCode).not.toBe(0);
      expect(failed.all).toContain("the roster is empty");
    },
    TIMEOUT_MS,
  );
});
