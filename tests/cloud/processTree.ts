import { globSync, readFileSync } from "node:fs";
import { given } from "./testStack.ts";

/** Kills a process and all it has started, as when the power goes: none of them can save anything. */
export async function killTree(root: number | undefined): Promise<void> {
  const pids = family(given(root, "a process"));
  for (const pid of pids) kill(pid);
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 50));
}

function family(root: number): number[] {
  const parents = globSync("/proc/[0-9]*/stat").flatMap((file) => {
    try {
      // The name, in brackets, may have anything in it.
      const [pid = "", rest = ""] = readFileSync(file, "utf8").split(/ \(.*\) /s);
      return [{ pid: Number(pid), parent: Number(rest.split(" ")[1]) }];
    } catch {
      return [];
    }
  });
  const below = (pid: number): number[] => [
    pid,
    ...parents.filter(({ parent }) => parent === pid).flatMap(({ pid: child }) => below(child)),
  ];
  return below(root);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

/** A zombie is not: its parent has not looked yet. */
function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}
