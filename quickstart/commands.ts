import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { UserError } from "../terminal/userError.ts";

/** Root of the checkout: every command of ours is run from here. */
export const projectRoot = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs one of the project's commands, whose progress and errors the user sees as they are.
 *
 * @throws {UserError} naming the command, after it has said itself what is wrong.
 */
export async function runCommand(
  title: string,
  file: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<void> {
  const { exitCode, isTerminated } = await execa(file, args, {
    cwd: projectRoot,
    env,
    stdio: "inherit",
    reject: false,
  });
  if (exitCode !== 0)
    throw new UserError(
      `${title} ${isTerminated ? "was interrupted" : "failed"}; run the same command again to go on`,
      1,
    );
}

/** Runs a command of ours and returns what it prints; its errors go to the terminal. */
export async function outputOf(
  file: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { exitCode, stdout } = await execa(file, args, {
    cwd: projectRoot,
    env,
    stdio: ["ignore", "pipe", "inherit"],
    reject: false,
  });
  if (exitCode !== 0) throw new UserError(`${file} ${args.join(" ")} failed`, 1);
  return stdout;
}
