import { execa } from "execa";
import { z } from "zod";
import { UserError } from "../terminal/userError.ts";

/**
 * Variables with which `pulumi` and its plugins are found. What is missing is installed first, with its progress on the terminal.
 *
 * @throws {UserError} when it cannot be installed
 */
export async function toolchainEnv(projectFolder: string): Promise<Record<string, string>> {
  return (await readEnv(projectFolder)) ?? (await install(projectFolder));
}

async function readEnv(cwd: string): Promise<Record<string, string> | undefined> {
  const { exitCode, stdout } = await execa("node", ["toolchain/main.ts", "env", "--json"], { cwd, reject: false });
  return exitCode === 0 ? z.record(z.string(), z.string()).parse(JSON.parse(stdout)) : undefined;
}

async function install(cwd: string): Promise<Record<string, string>> {
  // What is printed for people goes where it does not mix with `--json`.
  const stdio = ["ignore", process.stderr, process.stderr] as const;
  const { exitCode } = await execa("node", ["toolchain/main.ts", "install"], { cwd, stdio, reject: false });
  const env = exitCode === 0 ? await readEnv(cwd) : undefined;
  if (env === undefined)
    throw new UserError("Pulumi could not be installed; see above, or: npm run toolchain -- status", 1);
  return env;
}
