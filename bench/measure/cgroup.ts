import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A group of processes of the kernel's own making: what is started in it stays in it, whatever becomes of its parents. */
export class Cgroup {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * A new, empty one below our own. Needs version 2, which counts CPU in every group without any controller.
   *
   * @returns undefined where there is none, or where it is not ours to write
   */
  static make(name: string): Cgroup | undefined {
    const parent = ownFolder();
    if (parent === undefined) return undefined;
    removeAbandoned(parent);
    const folder = join(parent, name);
    try {
      mkdirSync(folder);
      // What the child will do. Linux before 5.14 has no cgroup.kill.
      for (const file of ["cgroup.procs", "cgroup.kill"]) accessSync(join(folder, file), constants.W_OK);
      return new Cgroup(folder);
    } catch {
      if (existsSync(folder)) rmdirSync(folder);
      return undefined;
    }
  }

  /** Process ids of all that are in it now. */
  members(): number[] {
    return this.#read("cgroup.procs").split("\n").filter(Boolean).map(Number);
  }

  /** User and system time of all that were ever in it, exact to the microsecond. */
  cpuSeconds(): number {
    return Number(/^usage_usec (\d+)$/m.exec(this.#read("cpu.stat"))?.[1]) / 1e6;
  }

  /** Ends whatever is still in it. */
  async remove(): Promise<void> {
    writeFileSync(join(this.folder, "cgroup.kill"), "1");
    for (let tries = 0; this.members().length > 0 && tries < 100; tries += 1) await sleep(20);
    rmdirSync(this.folder);
  }

  #read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }
}

/** What runs that were killed left: without processes, of a benchmark that is gone. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = /^classroom-bench-(\d+)-\d+$/.exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    try {
      rmdirSync(join(parent, name));
    } catch {
      // Something in it has not ended yet.
    }
  }
}

function ownFolder(): string | undefined {
  const line = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .find((each) => each.includes(" - cgroup2 "));
  const path = /^0::(.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1];
  const at = line?.split(" ")[4];
  return at === undefined || path === undefined ? undefined : join(at, path);
}
