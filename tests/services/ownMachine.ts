import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, type ResultPromise } from "execa";
import { projectRoot } from "../../quickstart/commands.ts";
import { cache } from "../../local-cloud/paths.ts";
import { listProcesses } from "../../local-cloud/processes.ts";

/** How a command ended, and all that it printed. */
export interface Ended {
  /** Undefined when it was killed. */
  exitCode: number | undefined;
  printed: string;
}

/**
 * As good as a machine of the test's own, with the host's packages: network, mounts, processes and home folder are apart, so that a local
 * cloud can come, be killed and go there beside the one that somebody here uses. Needs root.
 */
export class OwnMachine {
  readonly folder = mkdtempSync(join(tmpdir(), "own-machine-"));
  readonly cloudHome = join(this.folder, "cloud");
  readonly home = join(this.folder, "home");
  readonly #first: ResultPromise;
  #pid = 0;

  private constructor() {
    mkdirSync(this.home);
    const script =
      "mount -t tmpfs run /run && mkdir /run/netns /run/lock && ip link set lo up && exec /usr/bin/python3 -c";
    const apart = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
    // Who ignores the end of children is an init: the kernel buries them, also those whose parents were killed.
    const init = "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN); signal.pause()";
    // It goes when who began it is killed, too.
    this.#first = execa("setpriv", ["--pdeathsig", "KILL", "unshare", ...apart, "sh", "-c", `${script} "$0"`, init], {
      reject: false,
    });
  }

  static async start(): Promise<OwnMachine> {
    const machine = new OwnMachine();
    const deadline = Date.now() + 30_000;
    while (machine.#pid === 0) {
      if (Date.now() > deadline) throw new Error("no namespaces could be made");
      const first = listProcesses().find(({ parent }) => parent === machine.#first.pid);
      if (first?.argv[0] === "/usr/bin/python3") machine.#pid = first.pid;
      else await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return machine;
  }

  /** Begins a command on it. */
  begin(file: string, ...args: string[]) {
    const enter = ["--target", String(this.#pid), "--net", "--mount", "--pid", `--wdns=${projectRoot}`];
    // It has no way to Debian's archive: what is dear to fetch is the host's.
    const env = { HOME: this.home, CLASSROOM_CLOUD_HOME: this.cloudHome, CLASSROOM_CACHE: cache };
    // Who kills what was begun means the command itself.
    return execa("nsenter", [...enter, "setpriv", "--pdeathsig", "KILL", file, ...args], {
      env,
      all: true,
      reject: false,
      stdin: "ignore",
    });
  }

  async run(file: string, ...args: string[]): Promise<Ended> {
    const { exitCode, all } = await this.begin(file, ...args);
    return { exitCode, printed: all };
  }

  /** @throws with all that was printed when it failed */
  async output(file: string, ...args: string[]): Promise<string> {
    const { exitCode, printed } = await this.run(file, ...args);
    if (exitCode !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${exitCode ?? "a signal"}:\n${printed}`);
    return printed;
  }

  /** What an administrator sees of the machine's own network. */
  async network(): Promise<string[]> {
    const looks = [
      ["ip", "-oneline", "link", "show"],
      ["ip", "-4", "route", "show", "table", "all"],
      ["iptables-save"],
      ["ip", "netns", "list"],
    ] as const;
    return Promise.all(looks.map(([file, ...args]) => this.output(file, ...args)));
  }

  /** Command lines of everything that runs on it, but for what keeps it, which is the first. */
  async processes(): Promise<string[]> {
    const lines = (await this.output("ps", "-eo", "stat=,args=")).split("\n");
    const [, ...running] = lines.flatMap((line) => /^[^Z]\S* +(.*)$/.exec(line)?.[1] ?? []);
    return running.filter((line) => !line.startsWith("ps -eo"));
  }

  async close(): Promise<void> {
    this.#first.kill("SIGKILL");
    await this.#first;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
