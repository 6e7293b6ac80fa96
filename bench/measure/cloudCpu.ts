import { listProcesses } from "../../local-cloud/processes.ts";
import { supervised } from "../../local-cloud/supervised.ts";
import { processCpuSeconds } from "./machine.ts";

/** Seconds of CPU by service: neutron, nova, keystone, database … */
export type ServiceSeconds = Record<string, number>;

/** Programs that are not called after their service. */
const SERVICES: Record<string, string> = { mariadb: "database", rabbitmq: "messages", memcached: "cache" };

/** The cloud on this machine, as its supervisor knows it. */
export class CloudCpu {
  /** The first process of each program. */
  readonly #roots: ReadonlyMap<number, string>;

  private constructor(roots: ReadonlyMap<number, string>) {
    this.#roots = roots;
  }

  /** @returns undefined when no such cloud runs on this machine: what is measured is another one then */
  static async find(): Promise<CloudCpu | undefined> {
    const found = await supervised("inside");
    if (found === undefined) return undefined;
    return new CloudCpu(
      new Map(
        found.programs.flatMap(({ name, processes: [first] }) =>
          first === undefined ? [] : [[first.pid, serviceOf(name)] as const],
        ),
      ),
    );
  }

  /** What each service has used since it started, with all its processes. */
  now(): ServiceSeconds {
    const children = Map.groupBy(listProcesses(), ({ parent }) => parent);
    const seconds: ServiceSeconds = {};
    const add = (pid: number, service: string) => {
      seconds[service] = (seconds[service] ?? 0) + processCpuSeconds(pid);
      for (const child of children.get(pid) ?? []) add(child.pid, service);
    };
    for (const [pid, service] of this.#roots) add(pid, service);
    return seconds;
  }
}

/** `neutron-server` is neutron's. */
export function serviceOf(program: string): string {
  const first = program.split("-")[0] ?? program;
  return SERVICES[first] ?? first;
}

/** What was used between two moments, to the hundredth; without those that used nothing. */
export function usedBetween(before: ServiceSeconds, after: ServiceSeconds): ServiceSeconds {
  return Object.fromEntries(
    Object.entries(after)
      .map(([service, seconds]) => [service, Math.round((seconds - (before[service] ?? 0)) * 100) / 100] as const)
      // A service that was started again has less than before.
      .filter(([, seconds]) => seconds > 0)
      .sort(([, one], [, other]) => other - one),
  );
}

export function sumOf(seconds: ServiceSeconds): number {
  return Object.values(seconds).reduce((sum, each) => sum + each, 0);
}
