import type { Command } from "commander";
import { execa } from "execa";
import { constants } from "node:os";
import type { Session } from "../../openstack/session.ts";
import { loadCourse } from "../../stacks/courseFolder.ts";
import { shellQuoted } from "../../terminal/shellQuoted.ts";
import { UserError } from "../../terminal/userError.ts";
import { printResult } from "../command-line/printResult.ts";
import { withCourse, withJson } from "../command-line/sharedOptions.ts";
import { openSession } from "../course-access/openSession.ts";
import { learnHostKeys } from "../instances/learnHostKeys.ts";
import { readStudentsInstances } from "../instances/readInstances.ts";
import { sshArguments } from "../instances/sshHosts.ts";
import { sshHostsOf, sshSurroundings } from "../instances/sshHostsOf.ts";
import { namedInstances } from "../instances/studentInstances.ts";

export interface SshOptions {
  course?: string | undefined;
  student: string;
  /** @default the only one that has a floating IP */
  instance?: string | undefined;
  /** Run there instead of a shell. @default a shell */
  command?: readonly string[];
  /** @default logged in at the course's cloud */
  session?: Session;
}

/** What `classroom ssh --json` prints: how to get there. */
export interface SshLogin {
  student: string;
  instance: string;
  instanceId: string;
  address: string;
  user: string;
  /** Whether the private key is here, because the course generated it. */
  keyIsHere: boolean;
  /** Arguments of `ssh`. */
  arguments: string[];
}

/**
 * How ssh gets to an instance of a student; its host key is then known.
 *
 * @throws {UserError} when there is no such instance, no way to it, or no host key that the cloud vouches for
 */
export async function prepareSsh({ course, student, instance, command = [], ...given }: SshOptions): Promise<SshLogin> {
  const loaded = loadCourse(course);
  const all = namedInstances(student, await readStudentsInstances(loaded, student), instance);
  const [host, ...others] = sshHostsOf(loaded, all);
  if (host === undefined) throw new UserError(noWay(student, all));
  if (others.length > 0)
    throw new UserError(
      `${student} has several instances that can be reached; say which: ${[host, ...others].map((each) => `--instance ${each.instance}`).join(", ")}`,
    );
  const around = sshSurroundings(loaded);
  const session = given.session ?? (await openSession(loaded));
  const [look] = await learnHostKeys(session, [host], around.knownHostsFile);
  if (look?.known !== true)
    throw new UserError(
      `it cannot be known whether ${host.address} is ${student}'s ${host.instance}: ${look?.problem ?? "no host key is known"}. ` +
        `Try again when it has booted; classroom console ${student} --instance ${host.instance} shows how far it is`,
    );
  const { instanceId, address, user, keyFile } = host;
  return {
    ...{ student, instance: host.instance, instanceId, address, user },
    keyIsHere: keyFile !== undefined,
    arguments: sshArguments(host, around, command),
  };
}

function noWay(student: string, instances: readonly { name: string; floatingIp: string | undefined }[]): string {
  const names = instances.map(({ name }) => name).join(", ");
  return instances.some(({ floatingIp }) => floatingIp !== undefined)
    ? `nobody logs in to ${names} of ${student}: the lab makes no login there`
    : `no floating IP leads to ${names} of ${student}; classroom console ${student} shows its console`;
}

/** The whole command, for a POSIX shell. */
export function sshCommandText(login: SshLogin): string {
  return ["ssh", ...login.arguments].map(shellQuoted).join(" ");
}

/** Runs ssh on this terminal. @returns its exit code, 255 when it could not log in */
export async function runSsh(login: SshLogin): Promise<number> {
  // Ctrl-C is for what runs there; ssh says how it ended.
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  try {
    const { exitCode, signal, failed, code } = await execa("ssh", login.arguments, { stdio: "inherit", reject: false });
    if (failed && code === "ENOENT") throw new UserError("there is no ssh on this machine; install openssh-client");
    return exitCode ?? 128 + (signal === undefined ? 0 : constants.signals[signal]);
  } finally {
    process.off("SIGINT", ignore);
  }
}

export function registerSsh(program: Command): void {
  withJson(withCourse(program.command("ssh").description("log in to a student's instance, or run a command there")))
    .argument("<student>", "id")
    .argument("[command...]", "after --: what to run there instead of a shell")
    .option("--instance <name>", "which, where the student has several")
    .option("--dry-run", "only print the ssh command", false)
    .addHelpText(
      "after",
      `
Host keys come from the instance's console log, so nothing is trusted blindly. --json prints how to get there and does not go.
Exit code: that of the command, 255 when ssh could not log in.`,
    )
    .action(async (student: string, command: string[], options: SshOptions & { dryRun: boolean; json: boolean }) => {
      const login = await prepareSsh({ ...options, student, command });
      if (options.json || options.dryRun) printResult(login, options.json, sshCommandText);
      else {
        if (!login.keyIsHere)
          console.error(`${student}'s key pair is their own: this works where ssh or its agent has the private key`);
        process.exitCode = await runSsh(login);
      }
    });
}
