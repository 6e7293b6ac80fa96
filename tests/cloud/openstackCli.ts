import { execa } from "execa";
import { z } from "zod";
import type { ProjectUser } from "./projectUser.ts";

const Row = z.record(z.string(), z.unknown());

/** OpenStack's command line, as a student uses it: through the host's 127.0.0.1. */
export class OpenStackCli {
  readonly #user: ProjectUser;

  constructor(user: ProjectUser) {
    this.#user = user;
  }

  /** Without a shell: each word is one argument. @returns what it printed. @throws with what it complained about. */
  async run(...args: string[]): Promise<string> {
    const { stdout } = await execa("/usr/bin/openstack", args, {
      env: {
        ...this.#user.login,
        OS_COMPUTE_API_VERSION: "2.79",
        PATH: "/usr/bin:/bin",
        LC_ALL: "C.UTF-8",
        PYTHONWARNINGS: "ignore",
      },
      extendEnv: false,
    });
    return stdout;
  }

  /** Of one object, by the names that the command line shows. */
  async show(kind: string, name: string): Promise<z.infer<typeof Row>> {
    return Row.parse(JSON.parse(await this.run(...kind.split(" "), "show", name, "--format", "json")));
  }

  async list(...args: string[]): Promise<z.infer<typeof Row>[]> {
    return z.array(Row).parse(JSON.parse(await this.run(...args, "--format", "json")));
  }

  /** Until it has that status. @throws as soon as it is in error. */
  async has(kind: string, name: string, status: string, seconds = 120): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const now = String((await this.show(kind, name))["status"]);
      if (now === status) return;
      if (/error/i.test(now)) throw new Error(`${kind} ${name} is in status ${now}`);
      if (Date.now() > deadline) throw new Error(`${kind} ${name} is ${now}, not ${status}, after ${seconds} s`);
    }
  }

  /** Until the list no longer has it. */
  async isGone(kind: string, name: string, seconds = 120): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while ((await this.list(...kind.split(" "), "list")).some((row) => row["Name"] === name || row["ID"] === name))
      if (Date.now() > deadline) throw new Error(`${kind} ${name} is still there after ${seconds} s`);
  }
}
