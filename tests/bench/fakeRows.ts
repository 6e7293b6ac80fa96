import type { EndRow, PhaseRow, SetupRow } from "../../bench/rows.ts";
import type { Phase } from "../../bench/variant.ts";

const AT = "2026-01-02T03:04:05.000Z";

export function setupRow(variants: Record<string, string> = {}): SetupRow {
  const machine = { cores: 2, memoryMiB: 8192, kernel: "6.1" };
  return { kind: "setup", at: AT, versions: { node: "24.0.0", pulumi: "3.1.0" }, machine, cloud: "api-only", variants };
}

export type RoundOf = Pick<PhaseRow, "variant" | "size" | "repetition"> & { attempt?: string };

const attemptOf = ({ variant, size, repetition, attempt }: RoundOf) => attempt ?? `${variant} ${size} ${repetition}`;

export function phaseRow(round: RoundOf, phase: Phase, wallSeconds: number, more: Partial<PhaseRow> = {}): PhaseRow {
  return {
    ...{ kind: "phase", at: AT, phase, wallSeconds, students: round.size },
    ...{ ...round, attempt: attemptOf(round), exitCode: 0, timedOut: false, leftRunning: 0 },
    ...{ cpuSeconds: 1, cpuBy: "cgroup", memory: { peakMiB: 100, processes: 1, samples: 5 } },
    ...{ cloudSeconds: { neutron: 3, nova: 1 }, otherSeconds: 0, busyShare: 0.5, idleBefore: true },
    ...more,
  };
}

export function endRow(round: RoundOf, more: Partial<EndRow> = {}): EndRow {
  const nothing = { left: [], leftByCloud: [], elsewhere: [], notSwept: [] };
  return { kind: "end", at: AT, ...round, attempt: attemptOf(round), ...nothing, ...more };
}

export function calls(
  total: number,
  byPattern: Record<string, number> = {},
  byStatus: Record<string, number> = { "200": total },
) {
  return { total, byMethod: { GET: total }, byService: { network: total }, byStatus, byPattern };
}
