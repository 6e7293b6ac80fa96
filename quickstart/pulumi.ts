import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { ensureSecretFile } from "../engine/wholeFiles.ts";
import { home } from "../local-cloud/paths.ts";
import { UserError } from "../terminal/userError.ts";
import { readPreview, type Preview } from "./preview.ts";
import { outputOf, projectRoot, runCommand } from "./commands.ts";
import { lockIsStale } from "./stackState.ts";

/** State of the stacks on the local cloud: beside the cloud, because each is worth nothing without the other. */
export const stateFolder = join(home, "pulumi");
const passphraseFile = join(stateFolder, "passphrase");
/** What students' passwords are derived from. */
const passwordSeedFile = join(stateFolder, "password-seed");

/** Copies of the stacks' configurations, with Pulumi's salt. */
const settingsFolder = join(stateFolder, "settings");

const toolchainEnv = z.record(z.string(), z.string());

/**
 * Everything `pulumi` needs to find its plugins, its state and the passphrase; no secret stands in it.
 *
 * @throws {UserError} for another account than the one that the local cloud belongs to
 */
export async function pulumiEnv(): Promise<Record<string, string>> {
  ensureSecrets();
  const found = toolchainEnv.parse(JSON.parse(await outputOf("node", ["toolchain/main.ts", "env", "--json"])));
  return {
    ...found,
    PULUMI_BACKEND_URL: pathToFileURL(stateFolder).href,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    CLASSROOM_PASSWORD_SEED_FILE: passwordSeedFile,
  };
}

function ensureSecrets(): void {
  try {
    for (const file of [passphraseFile, passwordSeedFile]) ensureSecretFile(file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EACCES")) throw error;
    throw new UserError(
      `${stateFolder} is not yours to read or write: the local cloud and the state of the stacks on it are root's. ` +
        'Open a root shell with "sudo -s" and run the command there',
    );
  }
}

/**
 * One stack of this project, driven as a user would from the command line – but with a copy of its configuration, because Pulumi writes
 * its encryption salt into the file and drops the blank lines, and a checkout should stay as it was.
 */
export class Stack {
  readonly name: string;
  readonly #env: Record<string, string>;
  readonly #source: string;

  /** @param source the configuration that is copied; default `Pulumi.<name>.yaml` of the project */
  constructor(name: string, env: Record<string, string>, source = join(projectRoot, `Pulumi.${name}.yaml`)) {
    this.name = name;
    this.#env = env;
    this.#source = source;
  }

  /** Makes the stack when it is not there, takes its configuration over, and breaks a lock whose owner is dead. */
  async select(): Promise<void> {
    this.#copyConfiguration();
    await this.#quietly(["stack", "select", "--create", this.name, "--cwd", settingsFolder]);
    if (lockIsStale(stateFolder, this.name)) await this.#quietly(["cancel", "--yes", "--stack", this.name]);
  }

  /**
   * What an update would do. Looks at the cloud first, so that what was changed by hand is seen.
   *
   * @throws {UserError} with the program's own message.
   */
  async preview(): Promise<Preview> {
    const { exitCode, stdout, stderr } = await execa(
      "pulumi",
      ["preview", "--json", "--refresh", ...this.#args()],
      this.#options(),
    );
    const preview = readPreview(stdout);
    if (exitCode === 0 && preview !== undefined) return preview;
    throw new UserError(
      preview?.errors.length ? preview.errors.join("\n") : `pulumi preview failed:\n${stdout}\n${stderr}`,
    );
  }

  async up(): Promise<void> {
    await runCommand("pulumi up", "pulumi", ["up", "--yes", "--skip-preview", "--refresh", ...this.#args()], this.#env);
  }

  async destroy(): Promise<void> {
    await runCommand("pulumi destroy", "pulumi", ["destroy", "--yes", "--skip-preview", ...this.#args()], this.#env);
  }

  /** @param more `--show-secrets` for the outputs that are secret */
  async outputs<T>(schema: z.ZodType<T>, ...more: "--show-secrets"[]): Promise<T> {
    const command = ["stack", "output", "--json", "--stack", this.name, ...more];
    return schema.parse(JSON.parse(await outputOf("pulumi", command, this.#env)));
  }

  #args(): string[] {
    this.#copyConfiguration();
    return ["--stack", this.name, "--config-file", this.#copy];
  }

  get #copy(): string {
    return join(settingsFolder, `Pulumi.${this.name}.yaml`);
  }

  #copyConfiguration(): void {
    mkdirSync(settingsFolder, { recursive: true, mode: 0o700 });
    copyFileSync(join(projectRoot, "Pulumi.yaml"), join(settingsFolder, "Pulumi.yaml"));
    const source = readFileSync(this.#source, "utf8");
    const salt =
      saltOf(source) === undefined && existsSync(this.#copy) ? saltOf(readFileSync(this.#copy, "utf8")) : undefined;
    writeFileSync(this.#copy, salt === undefined ? source : `${source}\n${stringify({ encryptionsalt: salt })}`);
  }

  #options() {
    return { cwd: projectRoot, env: this.#env, reject: false, stdin: "ignore" } as const;
  }

  async #quietly(args: string[]): Promise<void> {
    const { exitCode, stderr } = await execa("pulumi", args, this.#options());
    if (exitCode !== 0) throw new UserError(`pulumi ${args.join(" ")} failed:\n${stderr}`);
  }
}

function saltOf(configuration: string): string | undefined {
  return z.object({ encryptionsalt: z.string().optional() }).parse(parse(configuration)).encryptionsalt;
}
