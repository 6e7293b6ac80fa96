import { execa } from "execa";
import { UserError } from "../terminal/userError.ts";
import { environmentObject } from "../toolchain/environment.ts";
import { toolchainFolders } from "../toolchain/folders.ts";
import { readRecord } from "../toolchain/record.ts";

/**
 * Variables with which `pulumi` and its plugins are found. What is missing is installed first, with its progress on the terminal.
 *
 * @throws {UserError} when it cannot be installed
 */
export async function toolchainEnv(projectFolder: string): Promise<Record<string, string>> {
  return environmentOf() ?? (await install(projectFolder));
}

function environmentOf(): Record<string, string> | undefined {
  const folders = toolchainFolders();
  const record = readRecord(folders);
  return record === undefined ? undefined : environmentObject(folders, record);
}

async function install(cwd: string): Promise<Record<string, string>> {
  // What is printed for people goes where it does not mix with `--json`.
  const stdio = ["ignore", process.stderr, process.stderr] as const;
  const { exitCode } = await execa("node", ["toolchain/main.ts", "install"], { cwd, stdio, reject: false });
  const env = exitCode === 0 ? environmentOf() : undefined;
  if (env === undefined)
    throw new UserError("Pulumi could not be installed; see above, or: npm run toolchain -- status", 1);
  return env;
}
