import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { backendEnv } from "../engine/backendEnv.ts";
import type { EngineSettings } from "../engine/engineSettings.ts";
import { toolchainEnv } from "../engine/toolchainEnv.ts";
import { seedFile } from "../stacks/courseCloud.ts";
import type { LoadedCourse } from "../stacks/courseFolder.ts";

/** Root of the checkout. */
export const projectFolder = new URL("..", import.meta.url).pathname;

/** Pulumi for a course: toolchain, state and secrets, made where they are missing. What the environment says goes before. */
export async function openEngine(loaded: LoadedCourse): Promise<EngineSettings> {
  const { hidden, file, course } = loaded;
  const settingsFolder = join(hidden, "settings");
  mkdirSync(settingsFolder, { recursive: true, mode: 0o700 });
  copyFileSync(join(projectFolder, "Pulumi.yaml"), join(settingsFolder, "Pulumi.yaml"));
  ensureSecret(seedFile(loaded));
  const backend = process.env["PULUMI_BACKEND_URL"] ?? course.state ?? folderState(hidden);
  return {
    ...{ projectFolder, settingsFolder },
    env: {
      ...(await toolchainEnv(projectFolder)),
      ...passphrase(hidden),
      ...backendEnv(backend),
      PULUMI_BACKEND_URL: backend,
      CLASSROOM_COURSE: file,
      CLASSROOM_PASSWORD_SEED_FILE: seedFile(loaded),
    },
  };
}

/** With what the state's secrets are encrypted. */
function passphrase(hidden: string): Record<string, string> {
  const { PULUMI_CONFIG_PASSPHRASE: text, PULUMI_CONFIG_PASSPHRASE_FILE: named } = process.env;
  if (text !== undefined && named === undefined) return {};
  const file = named ?? join(hidden, "passphrase");
  if (named === undefined) ensureSecret(file);
  return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
}

function folderState(hidden: string): string {
  const folder = join(hidden, "state");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return `file://${folder}`;
}

function ensureSecret(file: string): void {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
}
