import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { completeRounds, planRounds, stillToDo } from "../../bench/plan.ts";
import { studentsAfter } from "../../bench/round.ts";
import { type Row, RowFile } from "../../bench/rows.ts";
import { endRow, phaseRow, setupRow } from "./fakeRows.ts";

describe("planRounds", () => {
  it("lets every variant run once at each size and repetition, with a pass for counting before", () => {
    const plan = planRounds({ variants: ["a", "b", "c"], sizes: [1, 3], repetitions: 2, count: true });
    expect(plan).toHaveLength(18);
    expect(new Set(plan.map((round) => JSON.stringify(round))).size).toBe(18);
    expect(plan.slice(0, 6).every(({ repetition }) => repetition === 0)).toBe(true);
    expect(planRounds({ variants: ["a"], sizes: [1], repetitions: 1, count: false })).toEqual([
      { repetition: 1, variant: "a", size: 1 },
    ]);
  });

  it("lets each variant be first about equally often", () => {
    const variants = ["a", "b", "c"];
    const plan = planRounds({ variants, sizes: [1], repetitions: 6, count: false });
    const first = plan.filter((_, index) => index % 3 === 0).map(({ variant }) => variant);
    expect(Object.fromEntries(variants.map((name) => [name, first.filter((each) => each === name).length]))).toEqual({
      ...{ a: 2, b: 2, c: 2 },
    });
  });
});

describe("a run that was killed", () => {
  const plan = planRounds({ variants: ["a", "b"], sizes: [1, 3], repetitions: 2, count: true });

  it("goes on with the first round that has no end, wherever it was killed", () => {
    fc.assert(
      fc.property(fc.nat(plan.length * 3), (written) => {
        const all = plan.flatMap((round): Row[] => [
          phaseRow(round, "create", 1),
          phaseRow(round, "destroy", 1),
          endRow(round),
        ]);
        expect(stillToDo(plan, [setupRow(), ...all.slice(0, written)])).toEqual(plan.slice(Math.floor(written / 3)));
      }),
    );
  });

  it("leaves out what a round measured that was begun again", () => {
    const round = { repetition: 1, variant: "a", size: 1 };
    const rows = [
      phaseRow({ ...round, attempt: "killed" }, "create", 99),
      phaseRow({ ...round, attempt: "whole" }, "create", 2),
      endRow({ ...round, attempt: "whole" }),
    ];
    const [only, ...others] = completeRounds(rows);
    expect(others).toEqual([]);
    expect(only?.phases.map(({ wallSeconds }) => wallSeconds)).toEqual([2]);
  });
});

describe("RowFile", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bench-rows-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("reads what it wrote, and cuts off the line in which it was killed", () => {
    const path = join(folder, "results", "rows.jsonl");
    const row = phaseRow({ variant: "a", size: 1, repetition: 1 }, "create", 1.5);
    new RowFile(path).append(row);
    const whole = readFileSync(path, "utf8");
    for (let length = 1; length < whole.length; length += 7) {
      writeFileSync(path, whole);
      appendFileSync(path, whole.slice(0, length));
      const again = new RowFile(path);
      expect(again.read()).toEqual([row]);
      again.append(row);
      expect(again.read()).toEqual([row, row]);
    }
  });

  it("refuses what is no row", () => {
    const path = join(folder, "rows.jsonl");
    writeFileSync(path, '{"kind":"phase"}\n');
    expect(() => new RowFile(path).read()).toThrow(/wallSeconds/);
  });
});

describe("studentsAfter", () => {
  it("is one more from the preview on, but only where one was added", () => {
    const all = ["create", "no-op", "preview", "add-one", "destroy"] as const;
    expect(all.map((phase) => studentsAfter(phase, 3, all))).toEqual([3, 3, 4, 4, 4]);
    expect(studentsAfter("destroy", 3, ["create", "destroy"])).toBe(3);
  });
});
