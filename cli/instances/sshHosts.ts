import { UserError } from "../../terminal/userError.ts";
import { shellQuoted } from "../../terminal/shellQuoted.ts";
import type { StudentInstance } from "./studentInstances.ts";

/** How `ssh` gets to one instance. */
export interface SshHost {
  student: string;
  /** As the roster has it; for people. */
  studentName: string;
  instance: string;
  instanceId: string;
  /** Names under which an ssh_config has it; the first is always there. */
  aliases: readonly string[];
  address: string;
  user: string;
  /** Private key that the course generated; undefined where only the student has it. */
  keyFile: string | undefined;
  /** Under which the course's known_hosts has its keys: no address, because addresses move. */
  hostKeyAlias: string;
}

/** What is the same for all hosts of a course. */
export interface SshSurroundings {
  knownHostsFile: string;
  /** As in the course document. */
  reachCommand: string;
}

export const hostKeyAliasOf = (course: string, { student, name }: Pick<StudentInstance, "student" | "name">): string =>
  `${course}.${student}.${name}`;

/**
 * The hosts of a class: `<course>-<student>` for each student's first instance that can be reached, and `<course>-<student>-<instance>`
 * for each where there are several. Ids and names may have dashes: where that would be another student's name too, a dot stands before
 * the instance.
 */
export function sshHosts(
  course: string,
  instances: readonly StudentInstance[],
  about: (student: string) => { name: string; keyFile: string | undefined },
): SshHost[] {
  const reachable = instances.flatMap((each) =>
    each.floatingIp === undefined || each.loginUser === undefined || each.loginUser === ""
      ? []
      : [{ ...each, address: each.floatingIp, user: each.loginUser }],
  );
  const ofStudent = Map.groupBy(reachable, ({ student }) => student);
  const taken = new Set(Array.from(ofStudent.keys(), (student) => `${course}-${student}`));
  return reachable.map(({ student, name, instanceId, address, user }): SshHost => {
    const [first, ...others] = ofStudent.get(student) ?? [];
    const own = `${course}-${student}`;
    const dashed = `${own}-${name}`;
    const long = taken.has(dashed) ? `${own}.${name}` : dashed;
    taken.add(long);
    const aliases = others.length === 0 ? [own] : first?.name === name ? [own, long] : [long];
    const { name: studentName, keyFile } = about(student);
    const hostKeyAlias = hostKeyAliasOf(course, { student, name });
    return {
      ...{ student, studentName, instance: name, instanceId },
      ...{ aliases, address, user, keyFile, hostKeyAlias },
    };
  });
}

/**
 * Options of OpenSSH for a host, as lines of an ssh_config have them: nothing is trusted that the console log did not show, and nothing
 * of the caller is lent to a machine on which a student is root.
 *
 * @throws {UserError} for a path or command that OpenSSH's configuration cannot hold
 */
export function sshOptions(host: SshHost, { knownHostsFile, reachCommand }: SshSurroundings): [string, string][] {
  return [
    ["User", host.user],
    ...(host.keyFile === undefined
      ? []
      : ([
          ["IdentityFile", pathValue(host.keyFile)],
          ["IdentitiesOnly", "yes"],
        ] satisfies [string, string][])),
    ["HostKeyAlias", host.hostKeyAlias],
    ["UserKnownHostsFile", pathValue(knownHostsFile)],
    ["GlobalKnownHostsFile", "/dev/null"],
    ["StrictHostKeyChecking", "yes"],
    ["UpdateHostKeys", "no"],
    ["ForwardAgent", "no"],
    ["ForwardX11", "no"],
    ...(reachCommand === "" ? [] : ([["ProxyCommand", proxyCommand(reachCommand)]] satisfies [string, string][])),
  ];
}

/** The arguments of `ssh` for one host. A command is joined by spaces and run by the shell there, as always with ssh. */
export function sshArguments(host: SshHost, around: SshSurroundings, command: readonly string[]): string[] {
  const options = sshOptions(host, around).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  return [...options, host.address, ...(command.length === 0 ? [] : ["--", ...command])];
}

/**
 * Reaches port 22 by way of the command: a jump host by ssh itself, else (`ip netns exec …`) by bash, which every Debian has, while nc and
 * socat are packages of their own. Whichever side ends first ends it.
 */
function proxyCommand(reachCommand: string): string {
  if (hasControls(reachCommand)) throw new UserError("reachCommand has control characters; it is one line");
  const reach = reachCommand.trim();
  const [program = "", ...rest] = reach.replaceAll("%", "%%").split(/\s+/);
  if (/(^|\/)ssh$/.test(program)) return [program, "-W", "[%h]:%p", ...rest].join(" ");
  const script = "exec 3<>/dev/tcp/%h/%p && { cat <&0 >&3 & exec cat <&3; }";
  return `${[program, ...rest].join(" ")} bash -c ${shellQuoted(script)}`;
}

/** A path in the words of ssh_config(5): quoted, with its tokens and variables disarmed. */
function pathValue(path: string): string {
  if (path.includes('"') || path.includes("${") || hasControls(path))
    throw new UserError(
      `${path}: ssh_config cannot hold a path with double quotes, "\${" or control characters; rename the folder`,
    );
  return `"${path.replaceAll("\\", "\\\\").replaceAll("%", "%%")}"`;
}

// eslint-disable-next-line no-control-regex -- they are what is looked for
const hasControls = (text: string) => /[\u0000-\u001f\u007f]/.test(text);
