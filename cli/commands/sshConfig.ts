import { join, resolve } from "node:path";
import type { Command } from "commander";
import { writeWhole } from "../../engine/wholeFiles.ts";
import type { Session } from "../../openstack/session.ts";
import { loadCourse } from "../../stacks/courseFolder.ts";
import { expandHome } from "../../terminal/expandHome.ts";
import { shellQuoted } from "../../terminal/shellQuoted.ts";
import { printResult } from "../command-line/printResult.ts";
import { chosenStudents, type CourseOptions, withJson, withStudents } from "../command-line/sharedOptions.ts";
import { counted } from "../command-line/table.ts";
import { openSession } from "../course-access/openSession.ts";
import { learnHostKeys } from "../instances/learnHostKeys.ts";
import { readInstances } from "../instances/readInstances.ts";
import { sshConfigText } from "../instances/sshConfigText.ts";
import { sshHostsOf, sshSurroundings } from "../instances/sshHostsOf.ts";

export interface SshConfigOptions extends CourseOptions {
  /** Where to write it. @default .classroom/ssh_config */
  out?: string | undefined;
  /** @default logged in at the course's cloud */
  session?: Session;
}

/** What `classroom ssh-config --json` prints. */
export interface SshConfigResult {
  course: string;
  /** Absolute. */
  file: string;
  hosts: { student: string; instance: string; aliases: readonly string[]; address: string; user: string }[];
  /** Hosts to which ssh will refuse to go, because no host key of theirs is known, and why. */
  withoutKey: { host: string; reason: string }[];
  /** Students who have no stack yet. */
  notUp: string[];
  /** `kim web2`: instances without a floating IP, which ssh cannot reach from here. */
  unreachable: string[];
}

/** Writes one ssh_config for the class, and takes the host keys that console logs show into the course's known_hosts. */
export async function writeSshConfig(options: SshConfigOptions): Promise<SshConfigResult> {
  const loaded = loadCourse(options.course);
  const { course } = loaded.course;
  const ids = chosenStudents(loaded, options).map(({ id }) => id);
  const found = await readInstances(loaded, ids);
  const instances = [...found.values()].flat();
  const hosts = sshHostsOf(loaded, instances);
  const around = sshSurroundings(loaded);
  const text = sshConfigText(course, hosts, around);
  const session = options.session ?? (await openSession(loaded));
  const looks = await learnHostKeys(session, hosts, around.knownHostsFile);
  const file = options.out === undefined ? join(loaded.hidden, "ssh_config") : resolve(expandHome(options.out));
  writeWhole(file, text);
  const reached = new Set(hosts.map(({ instanceId }) => instanceId));
  return {
    ...{ course, file },
    hosts: hosts.map(({ student, instance, aliases, address, user }) => ({
      ...{ student, instance, aliases, address, user },
    })),
    withoutKey: looks.flatMap(({ host: { aliases }, known, problem }) =>
      known ? [] : [{ host: aliases[0] ?? "", reason: problem ?? "" }],
    ),
    notUp: ids.filter((id) => !found.has(id)),
    unreachable: instances.flatMap(({ instanceId, student, name, loginUser }) =>
      reached.has(instanceId) || loginUser === undefined ? [] : [`${student} ${name}`],
    ),
  };
}

export function sshConfigResultText({ file, hosts, withoutKey, notUp, unreachable }: SshConfigResult): string {
  const [first] = hosts.flatMap(({ aliases }) => aliases);
  return [
    `${file}: ${counted(hosts.length, "host")}`,
    ...(first === undefined ? [] : [`  ssh -F ${shellQuoted(file)} ${first}`]),
    ...withoutKey.map(
      ({ host, reason }) =>
        `no host key is known of ${host}, so ssh refuses to go there: ${reason}; run this again later`,
    ),
    ...(unreachable.length === 0 ? [] : [`without a floating IP, and so not in it: ${unreachable.join(", ")}`]),
    ...(notUp.length === 0 ? [] : [`not up yet: ${notUp.join(", ")}`]),
  ].join("\n");
}

export function registerSshConfig(program: Command): void {
  withJson(
    withStudents(
      program.command("ssh-config").description("write one file with which ssh reaches every instance of the class"),
    ),
  )
    .option("--out <file>", "where to write it (default: .classroom/ssh_config beside the course document)")
    .addHelpText(
      "after",
      `
Hosts are <course>-<student>, and <course>-<student>-<instance> where there are several.
Host keys come from the console logs: nothing is trusted that the cloud did not show.
Use it with ssh -F <file>, scp -F <file>, or the line "Include <file>" in ~/.ssh/config.`,
    )
    .action(async (options: SshConfigOptions & { json: boolean }) => {
      const result = await writeSshConfig(options);
      printResult(result, options.json, sshConfigResultText);
    });
}
