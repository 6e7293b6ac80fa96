import { sumOf } from "../measure/cloudCpu.ts";
import { completeRounds } from "../plan.ts";
import type { Calls, PhaseRow, Row } from "../rows.ts";
import type { Phase } from "../variant.ts";
import { type Point, type Spread, spreadOf } from "./statistics.ts";

/** One variant, one size, one phase. */
export interface Cell {
  variant: string;
  size: number;
  phase: Phase;
  /** Of the timed runs that succeeded, in seconds, as all below. */
  wall: Spread | undefined;
  cpu: Spread | undefined;
  peakMiB: Spread | undefined;
  cloudCpu: Spread | undefined;
  /** Of everything else on the machine. */
  otherCpu: Spread | undefined;
  /** Whether something else took more than {@link DISTURBING} of the machine in any of these runs. */
  disturbed: boolean;
  /** Timed runs that ended with an error, or not in time. */
  failed: number;
  /** Whether any run made other students than it should: such times are compared with nothing. */
  different: boolean;
  /** Of the counting pass; undefined when nothing was counted, or it failed. */
  calls: Calls | undefined;
}

/** Share of all cores. */
export const DISTURBING = 0.1;

/** What a variant had left in the cloud after its destroy. */
export interface Left {
  own: readonly string[];
  /** Made by the cloud for the variant's projects. */
  byCloud: readonly string[];
  /** New in the administrator's own project, whosever it is. */
  elsewhere: readonly string[];
}

/** What rows of complete rounds say, put together. */
export class Results {
  readonly #cells: ReadonlyMap<string, Cell>;
  readonly variants: readonly string[];
  /** Ascending. */
  readonly sizes: readonly number[];
  /** Leftovers by variant, of all its rounds: the most that one left. */
  readonly left: ReadonlyMap<string, Left>;

  /** @param cores of the machine that the rows are from */
  constructor(rows: readonly Row[], cores: number) {
    const rounds = completeRounds(rows);
    const groups = Map.groupBy(
      rounds.flatMap(({ phases }) => phases),
      ({ variant, size, phase }) => keyOf(variant, size, phase),
    );
    this.#cells = new Map(Array.from(groups, ([key, group]) => [key, cellOf(group, cores)]));
    this.variants = [...new Set(rounds.map(({ end }) => end.variant))];
    this.sizes = [...new Set(rounds.map(({ end }) => end.size))].sort((one, other) => one - other);
    this.left = new Map(
      this.variants.map((variant) => {
        const ends = rounds.flatMap(({ end }) => (end.variant === variant ? [end] : []));
        const longest = (lists: string[][]) => lists.toSorted((one, other) => other.length - one.length)[0] ?? [];
        return [
          variant,
          {
            own: longest(ends.map(({ left }) => left)),
            byCloud: longest(ends.map(({ leftByCloud }) => leftByCloud)),
            elsewhere: longest(ends.map(({ elsewhere }) => elsewhere)),
          },
        ];
      }),
    );
  }

  cell(variant: string, size: number, phase: Phase): Cell | undefined {
    return this.#cells.get(keyOf(variant, size, phase));
  }

  /** Medians by size. */
  points(variant: string, phase: Phase, of: (cell: Cell) => Spread | undefined): Point[] {
    return this.sizes.flatMap((size) => {
      const cell = this.cell(variant, size, phase);
      const spread = cell === undefined ? undefined : of(cell);
      return spread === undefined ? [] : [{ size, value: spread.median }];
    });
  }
}

function keyOf(variant: string, size: number, phase: Phase): string {
  return `${variant} ${size} ${phase}`;
}

function cellOf(rows: readonly PhaseRow[], cores: number): Cell {
  const [first] = rows;
  if (first === undefined) throw new Error("a cell has no rows");
  const { variant, size, phase } = first;
  const timed = rows.filter(({ repetition }) => repetition > 0);
  const good = timed.filter(isGood);
  const spread = (of: (row: PhaseRow) => number | undefined) => spreadOf(good.flatMap((row) => of(row) ?? []));
  return {
    ...{ variant, size, phase },
    wall: spread(({ wallSeconds }) => wallSeconds),
    cpu: spread(({ cpuSeconds }) => cpuSeconds),
    peakMiB: spread(({ memory }) => memory.peakMiB),
    cloudCpu: spread(({ cloudSeconds }) => (cloudSeconds === undefined ? undefined : sumOf(cloudSeconds))),
    otherCpu: spread(({ otherSeconds }) => otherSeconds),
    disturbed: good.some(({ otherSeconds, wallSeconds }) => otherSeconds > DISTURBING * cores * wallSeconds),
    failed: timed.length - good.length,
    different: good.some(({ wrong = [] }) => wrong.length > 0),
    calls: rows.find((row) => row.repetition === 0 && isGood(row))?.calls,
  };
}

function isGood({ exitCode, timedOut }: PhaseRow): boolean {
  return exitCode === 0 && !timedOut;
}

/** Answers that are no success; a 404 may be a look whether something is gone. */
export function errorsOf({ byStatus }: Calls): Record<string, number> {
  return Object.fromEntries(Object.entries(byStatus).filter(([status]) => !/^[23]/.test(status)));
}
