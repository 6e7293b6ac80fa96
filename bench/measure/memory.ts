import { readFileSync } from "node:fs";

/** How often is looked. Shorter peaks may be missed. */
export const SAMPLE_MILLISECONDS = 200;
/** Looking must not become the load: it rests at least so many times as long as it took. */
const REST = 10;

export interface MemoryPeak {
  /** The most that all together had at one moment, as PSS: what is shared counts once, in parts. In MiB. */
  peakMiB: number;
  /** The most processes seen at one moment. */
  processes: number;
  /** How many looks it is the maximum of. */
  samples: number;
}

/** Looks again and again at the memory of processes. @param members ids of those that belong to it at the moment */
export function sampleMemory(members: () => readonly number[]): { stop: () => MemoryPeak } {
  const peak: MemoryPeak = { peakMiB: 0, processes: 0, samples: 0 };
  let timer: NodeJS.Timeout;
  const look = () => {
    const began = performance.now();
    const present = members();
    const sizes = present.map(pssKiB);
    const mebibytes = sizes.reduce((sum, size) => sum + size, 0) / 1024;
    peak.peakMiB = Math.max(peak.peakMiB, mebibytes);
    peak.processes = Math.max(peak.processes, present.length);
    peak.samples += 1;
    timer = setTimeout(look, Math.max(SAMPLE_MILLISECONDS, REST * (performance.now() - began)));
  };
  // A program that lives shortly is seen at least once.
  timer = setTimeout(look, SAMPLE_MILLISECONDS / 10);
  return {
    stop: () => {
      clearTimeout(timer);
      return peak;
    },
  };
}

/** 0 for what is gone in the meantime. */
function pssKiB(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
