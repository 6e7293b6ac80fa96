import { setTimeout as sleep } from "node:timers/promises";
import { listProcesses, type Process, readProcess } from "../../local-cloud/processes.ts";

/** A process and all that it has started, also what runs in a group of its own. */
export function familyOf(root: number | undefined): Process[] {
  const all = listProcesses();
  const family = all.filter(({ pid }) => pid === root);
  for (const each of family) family.push(...all.filter(({ parent }) => parent === each.pid));
  return family;
}

/** Ends them as when the power goes, and waits until they are gone: none of them can save anything. */
export async function killAll(processes: readonly Process[]): Promise<void> {
  for (const { pid, began } of processes)
    if (readProcess(pid)?.began === began)
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Gone already.
      }
  while (processes.some(isThere)) await sleep(20);
}

/** One of Pulumi's, which notices only after minutes that nobody is left whom it could serve. */
export const isPlugin = ({ argv: [file = ""] }: Process) => /\/pulumi-(resource|language)-[^/]+$/.test(file);

/** Until they have ended by themselves. */
export async function ended(processes: readonly Process[]): Promise<void> {
  while (processes.some(isThere)) await sleep(50);
}

const isThere = ({ pid, began }: Process) => readProcess(pid)?.began === began;
