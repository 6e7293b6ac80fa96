import { existsSync } from "node:fs";
import type { LoadedCourse } from "../../stacks/courseFolder.ts";
import { generatedKeyFile } from "../../stacks/studentKey.ts";
import { knownHostsFile } from "./knownHosts.ts";
import { type SshHost, sshHosts, type SshSurroundings } from "./sshHosts.ts";
import type { StudentInstance } from "./studentInstances.ts";

/** Hosts of a course as it lies on this machine: with the keys that were generated here. */
export function sshHostsOf(loaded: LoadedCourse, instances: readonly StudentInstance[]): SshHost[] {
  return sshHosts(loaded.course.course, instances, (id) => {
    const student = loaded.students.find((each) => each.id === id);
    const file = generatedKeyFile(loaded, { id });
    const generated = student?.sshPublicKey === undefined && existsSync(file);
    return { name: student?.name ?? id, keyFile: generated ? file : undefined };
  });
}

export const sshSurroundings = (loaded: LoadedCourse): SshSurroundings => ({
  knownHostsFile: knownHostsFile(loaded),
  reachCommand: loaded.course.reachCommand,
});
