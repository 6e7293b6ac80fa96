import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { projectRoot } from "../../quickstart/commands.ts";
import { newTerminal } from "../support/newTerminal.ts";
import type { Backend } from "./backends.ts";

/** What all teachers of a class must have alike; everything else is in the shared state, or made anew. */
const SHARED = ["passphrase", "password-seed", "seats.json"];

/** A teacher with a folder of the course, who runs `classroom` in a process of its own. */
export class Operator {
  readonly folder: string;
  readonly #backend: Backend;

  /** @param colleague whose course it is, too */
  constructor(course: string, backend: Backend, colleague?: Operator) {
    this.folder = mkdtempSync(join(tmpdir(), `${course}-`));
    this.#backend = backend;
    writeFileSync(
      join(this.folder, "course.yaml"),
      stringify({ course, lab: "./lab.yaml", cloud: "local", state: backend.url }),
    );
    if (colleague === undefined) return;
    mkdirSync(this.hidden(), { mode: 0o700 });
    for (const name of SHARED) copyFileSync(colleague.hidden(name), this.hidden(name));
  }

  hidden(...path: string[]): string {
    return join(this.folder, ".classroom", ...path);
  }

  write(lab: unknown, students: readonly string[]): void {
    writeFileSync(join(this.folder, "lab.yaml"), stringify(lab));
    writeFileSync(join(this.folder, "roster.csv"), ["id", ...students, ""].join("\n"));
  }

  /** Begins a command; its promise tells how it ended. */
  start(command: string, ...args: string[]) {
    return execa(
      process.execPath,
      [join(projectRoot, "cli/main.ts"), command, "--course", this.folder, "--parallel", "2", ...args],
      { env: this.environment, extendEnv: false, reject: false, all: true, stdin: "ignore" },
    );
  }

  /** @returns what was printed. @throws when it failed */
  async run(command: string, ...args: string[]): Promise<string> {
    const { exitCode, all, stdout } = await this.start(command, ...args);
    if (exitCode !== 0) throw new Error(`classroom ${command} ended with ${exitCode}:\n${all}`);
    return stdout;
  }

  get environment(): Record<string, string> {
    return { ...newTerminal(), ...this.#backend.env };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
