import { setPriority } from "node:os";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { UserError } from "../terminal/userError.ts";
import type { Folders } from "./folders.ts";

/** How much of a log is repeated on the terminal when its command fails. */
const LINES_ON_FAILURE = 15;
/** Compilers take every core: with this priority (nice 10) the rest of the machine stays usable. */
const NICE = 10;

/** A long-running command whose output goes to a log file. */
export interface LoggedCommand {
  /** Names the log file. */
  name: string;
  file: string;
  args: readonly string[];
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  /** Shows the newest line of output. */
  report?: (line: string) => void;
}

/**
 * Runs the command at low priority. Its output is kept in `logs/<name>.log`, which begins with the command itself.
 *
 * @throws UserError with the last lines of the log and its path
 */
export async function runLogged(folders: Folders, command: LoggedCommand): Promise<void> {
  const { name, file, args, cwd, env = {}, report = () => undefined } = command;
  await mkdir(folders.logs, { recursive: true });
  const path = join(folders.logs, `${name}.log`);
  const log = createWriteStream(path);
  log.write(`$ ${[file, ...args].join(" ")}\n`);
  const last: string[] = [];
  const running = execa(file, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env,
    all: true,
    reject: false,
    buffer: false,
  });
  if (running.pid !== undefined) lowerPriority(running.pid);
  for await (const line of createInterface({ input: running.all })) {
    log.write(`${line}\n`);
    report(line);
    last.push(line);
    if (last.length > LINES_ON_FAILURE) last.shift();
  }
  const { failed, exitCode, shortMessage } = await running;
  await new Promise<void>((resolve) => log.end(resolve));
  if (failed)
    throw new UserError(
      [
        `${basename(file)} ${args[0] ?? ""} failed${exitCode === undefined ? `: ${shortMessage}` : ` (exit code ${exitCode})`}`,
        ...last.map((line) => `  ${line}`),
        `The whole log: ${path}`,
      ].join("\n"),
      1,
    );
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, NICE);
  } catch {
    // It has ended already, or the system does not let us: nothing depends on it.
  }
}
