import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import type { z } from "zod";
import { projectRoot } from "../../quickstart/commands.ts";
import { newTerminal } from "../support/newTerminal.ts";
import { type LabOptions, tinyLab } from "./tinyLab.ts";

/** Entry of clouds.yaml. */
export const CLOUD = "api-only";

/** How a command ended. */
export interface Ended {
  /** Undefined when it was killed. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  seconds: number;
}

/** A teacher's folder with a course, and the terminal beside it. */
export class ClassFolder {
  readonly course: string;
  readonly folder: string;
  /** Everything that any command printed. */
  readonly printed: string[] = [];
  /** Variables of the terminal. */
  variables: Record<string, string> = {};

  constructor(course: string) {
    this.course = course;
    this.folder = mkdtempSync(join(tmpdir(), `${course}-`));
    this.writeCourse();
    this.writeLab();
  }

  writeCourse(more: object = {}): void {
    const document = { course: this.course, lab: "./lab.yaml", cloud: CLOUD, waitUntilReady: false, ...more };
    writeFileSync(join(this.folder, "course.yaml"), stringify(document));
  }

  writeLab(options: LabOptions = {}): void {
    writeFileSync(join(this.folder, "lab.yaml"), stringify(tinyLab(this.course, options)));
  }

  /** @param rows e.g. `"kim,Kim"` */
  writeRoster(...rows: string[]): void {
    writeFileSync(join(this.folder, "roster.csv"), ["id,name", ...rows, ""].join("\n"));
  }

  /** Begins `classroom <command>` in a process of its own, as in a new terminal. */
  start(command: string, ...args: string[]) {
    return execa(process.execPath, [join(projectRoot, "cli/main.ts"), command, "--course", this.folder, ...args], {
      ...{ env: this.environment, extendEnv: false, reject: false, stdin: "ignore" },
    });
  }

  async run(command: string, ...args: string[]): Promise<Ended> {
    const began = performance.now();
    const { exitCode, stdout, stderr } = await this.start(command, ...args);
    const seconds = (performance.now() - began) / 1000;
    this.printed.push(stdout, stderr);
    console.log(
      `${this.course}: ${command} ${args.join(" ")}: exit code ${exitCode ?? "none"}, ${seconds.toFixed(1)} s`,
    );
    return { exitCode, stdout, stderr, seconds };
  }

  /** The same with `--json`. @throws with all that was printed when it ended with another code than the expected one. */
  async json<T>(
    schema: z.ZodType<T>,
    expected: number,
    command: string,
    ...args: string[]
  ): Promise<T & { said: string }> {
    const { exitCode, stdout, stderr } = await this.run(command, "--json", ...args);
    if (exitCode !== expected)
      throw new Error(`${command} ${args.join(" ")} ended with ${exitCode ?? "a signal"}:\n${stdout}\n${stderr}`);
    return { ...schema.parse(JSON.parse(stdout)), said: stderr };
  }

  /** Without what whoever runs the tests works on. */
  get environment(): Record<string, string> {
    return { ...newTerminal(), ...this.variables };
  }

  hidden(...path: string[]): string {
    return join(this.folder, ".classroom", ...path);
  }

  /** Where Pulumi keeps a student's stack; the class's without one. */
  stateFile(student?: string): string {
    const stack = student === undefined ? this.course : `${this.course}.${student}`;
    return this.hidden("state", ".pulumi", "stacks", "classroom", `${stack}.json`);
  }

  /** The same for the same bytes; undefined where there is no state. */
  fingerprint(student?: string): string | undefined {
    const file = this.stateFile(student);
    return existsSync(file) ? createHash("sha256").update(readFileSync(file)).digest("hex") : undefined;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
