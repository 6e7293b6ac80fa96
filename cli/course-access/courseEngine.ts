import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { backendEnv } from "../../engine/backendEnv.ts";
import type { EngineSettings } from "../../engine/engineSettings.ts";
import { longestStep } from "../../engine/patience.ts";
import { type Reading, stacksFolder } from "../../engine/stackStates.ts";
import { toolchainEnv } from "../../engine/toolchainEnv.ts";
import { copyWhole, ensureSecretFile } from "../../engine/wholeFiles.ts";
import { namedCloud } from "../../openstack/cloudSettings.ts";
import { seedFile } from "../../stacks/courseCloud.ts";
import type { LoadedCourse } from "../../stacks/courseFolder.ts";
import { MIXING_VARIABLES, refuseMixedLogin } from "../../stacks/mixedLogin.ts";
import { UserError } from "../../terminal/userError.ts";

/** Root of the checkout. */
export const projectFolder = fileURLToPath(new URL("../..", import.meta.url));

/** Pulumi for a course: toolchain, state and secrets, made where they are missing. What the environment says goes before. */
export async function openEngine(loaded: LoadedCourse): Promise<EngineSettings> {
  const { hidden, file } = loaded;
  refuseOtherCourse(file);
  // It is read where nothing can be refused any more.
  longestStep();
  const settingsFolder = join(hidden, "settings");
  mkdirSync(settingsFolder, { recursive: true, mode: 0o700 });
  copyWhole(join(projectFolder, "Pulumi.yaml"), join(settingsFolder, "Pulumi.yaml"));
  ensureSecretFile(seedFile(loaded));
  const backend = backendUrl(loaded);
  if (backend === folderUrl(hidden)) mkdirSync(stateFolder(hidden), { recursive: true, mode: 0o700 });
  return {
    ...{ projectFolder, settingsFolder },
    env: {
      ...(await toolchainEnv(projectFolder)),
      ...withoutMixing(loaded),
      ...passphrase(hidden, backend),
      ...backendEnv(backend),
      PULUMI_BACKEND_URL: backend,
      CLASSROOM_COURSE: file,
      CLASSROOM_PASSWORD_SEED_FILE: seedFile(loaded),
    },
  };
}

/** A shell in which `classroom env` was evaluated has the state, passphrase and seed of that course, and of no other. */
function refuseOtherCourse(file: string): void {
  const other = process.env["CLASSROOM_COURSE"];
  if (other !== undefined && other !== file)
    throw new UserError(
      `this shell is set up for the course ${other} (CLASSROOM_COURSE), and this is ${file}; open another shell, or in this one: ` +
        "unset CLASSROOM_COURSE CLASSROOM_PASSWORD_SEED_FILE PULUMI_BACKEND_URL PULUMI_CONFIG_PASSPHRASE_FILE",
    );
}

/**
 * The plugins' environment: the programs say each login, and what the shell says beside them must not go before.
 *
 * @throws {UserError} where the shell alone has the teacher's login, and in a way that would go before the students'
 */
function withoutMixing({ course, lab }: Pick<LoadedCourse, "course" | "lab">): Record<string, string> {
  if (namedCloud(course.cloud) !== undefined) return Object.fromEntries(MIXING_VARIABLES.map((name) => [name, ""]));
  refuseMixedLogin(lab, process.env);
  return {};
}

/** With what the state's secrets are encrypted. */
function passphrase(hidden: string, backend: string): Record<string, string> {
  const file = passphraseFile(hidden);
  if (file === undefined) return {};
  // Another one would open nothing of what is there.
  if (!existsSync(file) && hasStates(backend))
    throw new UserError(
      `${file} is gone, the passphrase with which the states of this course are encrypted; put it back from a copy. ` +
        "Without one, put the folder state aside: what is in the cloud is then taken over into a new state",
    );
  if (process.env["PULUMI_CONFIG_PASSPHRASE_FILE"] === undefined) ensureSecretFile(file);
  return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
}

/** Whether a folder as place for state has any; of other places nothing is said. */
function hasStates(backend: string): boolean {
  const folder = stacksFolder({ env: { PULUMI_BACKEND_URL: backend } });
  return folder !== undefined && existsSync(folder) && readdirSync(folder).length > 0;
}

/** The file that the environment names, or the course's own; undefined where the environment has the passphrase itself. */
export function passphraseFile(hidden: string): string | undefined {
  const { PULUMI_CONFIG_PASSPHRASE: text, PULUMI_CONFIG_PASSPHRASE_FILE: named } = process.env;
  return text !== undefined && named === undefined ? undefined : (named ?? join(hidden, "passphrase"));
}

/** Where the state is: as the environment says, else the course, else in its folder. */
export function backendUrl({ hidden, course }: Pick<LoadedCourse, "hidden" | "course">): string {
  return process.env["PULUMI_BACKEND_URL"] ?? course.state ?? folderUrl(hidden);
}

const stateFolder = (hidden: string) => join(hidden, "state");
const folderUrl = (hidden: string) => pathToFileURL(stateFolder(hidden)).href;

/** What it takes to look at a course's state. Makes nothing, so that what is missing stays missing; a folder is read without Pulumi. */
export async function openForReading(loaded: Pick<LoadedCourse, "file" | "hidden" | "course">): Promise<Reading> {
  refuseOtherCourse(loaded.file);
  const backend = backendUrl(loaded);
  const env = { PULUMI_BACKEND_URL: backend };
  if (backend.startsWith("file://")) return { projectFolder, env };
  const file = passphraseFile(loaded.hidden);
  return {
    projectFolder,
    env: {
      ...{ ...(await toolchainEnv(projectFolder)), ...backendEnv(backend), ...env },
      ...(file !== undefined && existsSync(file) ? { PULUMI_CONFIG_PASSPHRASE_FILE: file } : {}),
    },
  };
}
