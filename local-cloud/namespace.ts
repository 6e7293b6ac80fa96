import { join } from "node:path";
import { execa } from "execa";
import { apiOnly } from "./cloudKind.ts";
import { etc, home, namespace } from "./paths.ts";
import { listProcesses } from "./processes.ts";

export const SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

/** Fixed, so that a Python of the user's own, or a proxy that the namespace cannot reach, plays no part. */
export const systemEnvironment = {
  PATH: SYSTEM_PATH,
  HOME: apiOnly ? home : "/root",
  LC_ALL: "C.UTF-8",
  PYTHONWARNINGS: "ignore",
};

export interface InsideOptions {
  /** Added to `systemEnvironment`; nothing else of our own environment is passed on. */
  environment?: Record<string, string>;
  /** Given to the command's standard input. */
  input?: string;
  /** A file that gets everything the command prints (appended). */
  log?: string;
  /** "inherit" gives the command our terminal. */
  stdio?: "inherit";
  /** @default true: a command that fails throws */
  reject?: boolean;
}

export interface Finished {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/**
 * Runs a command as root inside the cloud: in its network, its mounts, its processes and under its host name; while the cloud is
 * down, in the bare network namespace; for the API-only cloud as we run ourselves. The command dies with us, so that a killed `up` leaves nothing working behind its back.
 */
export async function inside(
  file: string,
  args: readonly string[] = [],
  options: InsideOptions = {},
): Promise<Finished> {
  const { environment = {}, input, log, stdio, reject = true } = options;
  const command = ["setpriv", "--pdeathsig", "KILL", ...entrance(), "setpriv", "--pdeathsig", "KILL", file, ...args];
  const output = log === undefined ? ("pipe" as const) : (["pipe" as const, { file: log, append: true }] as const);
  const { stdout, stderr, exitCode } = await execa(command[0] ?? file, command.slice(1), {
    env: { ...systemEnvironment, ...environment },
    extendEnv: false,
    reject,
    ...(input === undefined ? { stdin: stdio ?? ("ignore" as const) } : { input }),
    stdout: stdio ?? output,
    stderr: stdio ?? output,
  });
  return { stdout: text(stdout), stderr: text(stderr), exitCode: exitCode ?? 1 };
}

/** Number of the first process inside, as the host counts; undefined while the cloud is down. */
export function insideSupervisor(): number | undefined {
  return supervisorProcess("inside");
}

export function supervisorConfig(where: "inside" | "host"): string {
  return join(etc, `supervisord-${where}.conf`);
}

/** Found by its command line, so that no file of ours can be out of date about it. */
export function supervisorProcess(where: "inside" | "host"): number | undefined {
  const config = supervisorConfig(where);
  const [first] = listProcesses()
    .filter(({ argv }) => argv[1] === "/usr/bin/supervisord" && argv.includes(config))
    // While it starts a program there are two: its child is about to become that.
    .sort((one, other) => one.began - other.began);
  return first?.pid;
}

function entrance(): string[] {
  if (apiOnly) return [];
  const supervisor = insideSupervisor();
  return supervisor === undefined
    ? ["ip", "netns", "exec", namespace]
    : ["nsenter", "--target", String(supervisor), "--mount", "--net", "--uts", "--pid", `--wdns=${process.cwd()}`];
}

const text = (output: unknown) => (typeof output === "string" ? output : "");
