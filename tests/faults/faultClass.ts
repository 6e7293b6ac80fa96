import { inject } from "vitest";
import { CloudProxy } from "../../cloud-proxy/cloudProxy.ts";
import { isWrite } from "../../cloud-proxy/exchange.ts";
import type { Process } from "../../local-cloud/processes.ts";
import { CLEAN, ClassFixture } from "../class/classFixture.ts";
import { ended, isPlugin, killAll } from "../class/killing.ts";
import { CLOUD, type Ended } from "../class/classFolder.ts";
import { countsOf, fingerprintOf, STUDENT } from "./soundClass.ts";

export type Command = "up" | "destroy";

/** How many requests change something in a class of one student: each is a point to fail at. Tests count them. */
export const WRITES: Record<Command, number> = { up: 24, destroy: 19 };

/** A finding of a run that went on as if nothing had been. */
export const NOTHING_INJECTED = "nothing was injected";

/** What was killed, as soon as something was. */
export interface Killing {
  killed: number;
  /** The command and all that it had started. */
  family: readonly Process[];
}

/**
 * A class of one student behind a proxy that makes its cloud fail, and beside it another class, reached directly, which nothing may touch.
 * Everything is judged by what the services list to an administrator, who does not go through the proxy.
 */
export class FaultClass {
  readonly fixture: ClassFixture;
  readonly proxy: CloudProxy;
  readonly #untouched: string;
  /** Which runs under a fault did not get over it by themselves. */
  readonly failedFirst: Command[] = [];

  private constructor(fixture: ClassFixture, proxy: CloudProxy, untouched: string) {
    this.fixture = fixture;
    this.proxy = proxy;
    this.#untouched = untouched;
    fixture.variables = { ...proxy.env };
    fixture.writeRoster(`${STUDENT},Kim`);
  }

  /** @param course an id that no other test has */
  static async open(course: string, seed?: number): Promise<FaultClass> {
    const proxy = await CloudProxy.open(CLOUD, seed === undefined ? {} : { seed });
    const fixture = await ClassFixture.open(course);
    return new FaultClass(fixture, proxy, await fingerprintOf(fixture.session, inject("bystander")));
  }

  /** Of the run that goes on, the one that is being asked included. */
  writesSeen(): number {
    return this.proxy.exchanges.filter(isWrite).length;
  }

  /**
   * Runs a command under whatever was injected; when that fails, again without. It is the second one that must do: whether the first mends
   * it by itself is told.
   *
   * @returns what is wrong in the end, in sentences; nothing when all is well
   */
  async runWithFault(command: Command): Promise<string[]> {
    const first = await this.fixture.run(command, "--yes");
    if (this.#injected() === 0) return [NOTHING_INJECTED, ...(await this.check(command))];
    if (first.exitCode === 0) return this.check(command);
    this.failedFirst.push(command);
    console.log(`  ended with ${first.exitCode ?? "a signal"}: ${lastLines(first)}`);
    return this.runAgain(command);
  }

  /**
   * The same with a run that is killed: by what is armed once its process is there.
   *
   * @returns as {@link runWithFault}
   */
  async runAndKill(command: Command, arm: (pid: number | undefined) => Killing): Promise<string[]> {
    const run = this.fixture.start(command, "--yes");
    const killing = arm(run.pid);
    const { exitCode, stdout, stderr } = await run;
    this.#injected();
    console.log(`  ${killing.killed} killed, ended with ${exitCode ?? "a signal"}`);
    if (killing.killed === 0) return [`${command} was over before anything was killed:\n${stdout}\n${stderr}`];
    // Whoever is left alone notices, and ends; who comes sooner is told that somebody is at work. A plugin is no hindrance.
    await ended(killing.family.filter((each) => !isPlugin(each)));
    const findings = exitCode === 0 ? await this.check(command) : await this.runAgain(command);
    await killAll(killing.family.filter(isPlugin));
    return findings;
  }

  /** Tells what was injected. @returns how often */
  #injected(): number {
    const met = this.proxy.exchanges.splice(0).filter(({ injected }) => injected !== undefined);
    for (const { method, path, injected, at } of met)
      console.log(`  ${(at / 1000).toFixed(1)} s: ${method} ${path}: ${injected ?? ""}`);
    return met.length;
  }

  /** Without any fault. @returns as {@link runWithFault} */
  async runAgain(command: Command): Promise<string[]> {
    this.proxy.calm();
    const { exitCode, stdout, stderr } = await this.fixture.run(command, "--yes");
    return exitCode === 0
      ? this.check(command)
      : [`${command} again ended with ${exitCode ?? "a signal"}:\n${stdout}\n${stderr}`];
  }

  /** Whether all is as it is after a command without any fault. @returns as {@link runWithFault} */
  async check(command: Command): Promise<string[]> {
    this.proxy.calm();
    const findings = [...(command === "up" ? await this.#unsound() : await this.#left()), ...(await this.#touched())];
    for (const finding of findings) console.error(`  ${finding}`);
    return findings;
  }

  async #left(): Promise<string[]> {
    return [
      ...(await this.fixture.traces()).map((trace) => `left in the cloud: ${trace}`),
      ...[...(await this.fixture.states()).keys()].map((stack) => `left in the state: "${stack}"`),
    ];
  }

  /** Cloud and state say the same, and there is as much of everything as after a run without faults. */
  async #unsound(): Promise<string[]> {
    const audit = await this.fixture.audit(STUDENT);
    const [counts, sound] = [countsOf(await this.fixture.traces()), inject("soundCounts")];
    const kinds = [...new Set([...Object.keys(sound), ...Object.keys(counts)])];
    return [
      ...(JSON.stringify(audit) === JSON.stringify(CLEAN) ? [] : [`state and cloud differ: ${JSON.stringify(audit)}`]),
      ...kinds.flatMap((kind) =>
        counts[kind] === sound[kind] ? [] : [`${counts[kind] ?? 0} ${kind}, not ${sound[kind] ?? 0}`],
      ),
    ];
  }

  /** Whether anything of the class beside it is not as it was. */
  async #touched(): Promise<string[]> {
    const now = await fingerprintOf(this.fixture.session, inject("bystander"));
    return now === this.#untouched ? [] : [`the other class was touched: ${now}, not ${this.#untouched}`];
  }

  /** After a point that went wrong: the next one is to find nothing. */
  async startOver(): Promise<void> {
    this.proxy.calm();
    await this.fixture.startOver();
  }

  async close(): Promise<void> {
    await this.fixture.close();
    await this.proxy.close();
  }
}

function lastLines({ stdout, stderr }: Ended): string {
  return `${stderr}\n${stdout}`.trim().split("\n").slice(-6).join("\n    ");
}
