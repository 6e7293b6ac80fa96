import { appendFileSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { htmlEscape } from "escape-goat";
import { execa, parseCommandString } from "execa";
import type { InstanceOutput } from "../course/studentOutputs.ts";
import { hostKeys } from "../openstack/hostKeys.ts";
import { expandHome } from "../terminal/expandHome.ts";
import { UserError } from "../terminal/userError.ts";

/**
 * Opens the page as a student's browser would.
 *
 * @param reach command that reaches floating IPs, as words
 * @throws {UserError} when it does not answer or does not name the student.
 */
export async function verifyPage(url: string, studentName: string, reach: readonly string[]): Promise<void> {
  const curl = ["curl", "--silent", "--show-error", "--fail", "--noproxy", "*", "--max-time", "10", url];
  const [file = "curl", ...args]: string[] = [...reach, ...curl];
  const { exitCode, stdout, stderr } = await execa(file, args, { reject: false });
  if (exitCode !== 0) throw new UserError(`${url} does not answer: ${stderr}`, 1);
  if (!stdout.includes(htmlEscape(studentName)))
    throw new UserError(`${url} answers, but its page does not name ${studentName}`, 1);
}

/**
 * Logs in with the very command that is printed, without a question: the host key was learnt from the console log, which only the cloud
 * can write.
 *
 * @returns the instance's own host name
 */
export async function verifySsh(instance: InstanceOutput): Promise<string> {
  return runOverSsh(instance, "hostname");
}

/** Runs a command on an instance, by way of the ssh command that is printed. @returns what it prints */
export async function runOverSsh(
  { sshCommand, floatingIp, consoleCommand }: InstanceOutput,
  remoteCommand: string,
): Promise<string> {
  if (sshCommand === null || floatingIp === null) throw new UserError("there is no ssh command without a floating IP");
  await learnHostKeys(floatingIp, consoleCommand);
  const [file = "ssh", ...args] = parseCommandString(sshCommand).map(expandHome);
  const { exitCode, stdout, stderr } = await execa(
    file,
    [...args, "-o", "BatchMode=yes", "-o", "ConnectTimeout=20", remoteCommand],
    { reject: false, stdin: "ignore" },
  );
  if (exitCode !== 0)
    throw new UserError(
      `${sshCommand} does not ${remoteCommand === "hostname" ? "log in" : `run "${remoteCommand}"`}: ${stderr}${stdout}`,
      1,
    );
  return stdout;
}

/**
 * Replaces what known_hosts says of an address by the keys that the instance wrote to its console. A restarted instance may have a new
 * console log without them; then what was learnt before holds.
 */
async function learnHostKeys(address: string, consoleCommand: string): Promise<void> {
  const [client = "openstack", ...args] = parseCommandString(consoleCommand);
  const { stdout } = await execa(client, args);
  const lines = hostKeys(stdout).map((key) => `${address} ${key}\n`);
  const folder = join(homedir(), ".ssh");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const knownHosts = join(folder, "known_hosts");
  appendFileSync(knownHosts, "", { mode: 0o600 });
  if (lines.length === 0) {
    const { exitCode } = await execa("ssh-keygen", ["-F", address, "-f", knownHosts], {
      stdio: "ignore",
      reject: false,
    });
    if (exitCode === 0) return;
    throw new UserError(`the console log of ${address} shows no host key; look at it with: ${consoleCommand}`, 1);
  }
  await execa("ssh-keygen", ["-R", address, "-f", knownHosts], { stdio: "ignore" });
  appendFileSync(knownHosts, lines.join(""));
}
