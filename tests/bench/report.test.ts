import { describe, expect, it } from "vitest";
import { Results } from "../../bench/report/cells.ts";
import { type Goal, goalsOf, verdict } from "../../bench/report/goals.ts";
import { callsTable, modelTable } from "../../bench/report/tables.ts";
import { report } from "../../bench/report/writeReport.ts";
import type { Row } from "../../bench/rows.ts";
import { calls, endRow, phaseRow, setupRow } from "./fakeRows.ts";

/** `seconds` of create and destroy by size, in three repetitions that differ a little. */
function rowsOf(variant: string, seconds: Record<number, number>): Row[] {
  return Object.entries(seconds).flatMap(([text, value]) =>
    [1, 2, 3].flatMap((repetition) => {
      const round = { variant, size: Number(text), repetition };
      const wall = value * (0.8 + 0.1 * repetition);
      return [phaseRow(round, "create", wall), phaseRow(round, "destroy", wall / 2), endRow(round)];
    }),
  );
}

const rows = [
  setupRow({ limit: "the limit", classroom: "ours" }),
  ...rowsOf("limit", { 1: 4, 10: 20, 30: 60 }),
  ...rowsOf("classroom", { 1: 5, 10: 30, 30: 72 }),
];
const goalNamed = (results: Results, text: string): Goal | undefined =>
  goalsOf(results).find(({ goal }) => goal === text);

describe("Results", () => {
  it("has median and spread of the timed runs that succeeded", () => {
    const round = { variant: "limit", size: 1, repetition: 4 };
    const more = [phaseRow(round, "create", 1000, { exitCode: 1 }), endRow(round)];
    const counted = { variant: "limit", size: 1, repetition: 0 };
    const passes = [phaseRow(counted, "create", 2000, { calls: calls(30) }), endRow(counted)];
    const cell = new Results([...rows, ...more, ...passes], 2).cell("limit", 1, "create");
    expect(cell).toMatchObject({ failed: 1, disturbed: false, wall: { count: 3 }, calls: { total: 30 } });
    expect(cell?.wall?.median).toBeCloseTo(4);
    expect(cell?.wall?.most).toBeCloseTo(4.4);
    expect(cell?.cloudCpu?.median).toBe(4);
  });

  it("marks a run that something else disturbed: a tenth of all cores", () => {
    const disturbed = (otherSeconds: number) => {
      const round = { variant: "limit", size: 1, repetition: 1 };
      const results = new Results([phaseRow(round, "create", 10, { otherSeconds }), endRow(round)], 2);
      return results.cell("limit", 1, "create")?.disturbed;
    };
    expect([disturbed(1.9), disturbed(2.1)]).toEqual([false, true]);
  });
});

describe("goals", () => {
  it("are met, missed by so much, or not measured", () => {
    const results = new Results(rows, 2);
    const verdicts = ["create, N = 30, against the limit", "create, N = 10, against the limit", "no-op, N = 30"].map(
      (text) => {
        const goal = goalNamed(results, text);
        return goal === undefined ? undefined : verdict(goal);
      },
    );
    expect(verdicts).toEqual(["met", "missed by 0.25 × (20 %)", "not measured"]);
  });

  it("take no times of what made other students", () => {
    const round = { variant: "classroom", size: 10, repetition: 4 };
    const results = new Results([...rows, phaseRow(round, "create", 1, { wrong: ["has no port"] }), endRow(round)], 2);
    expect(goalNamed(results, "create, N = 10, against the limit")?.value).toBeUndefined();
    expect(results.cell("classroom", 10, "create")?.different).toBe(true);
  });

  it("compare with the best OpenTofu of the same plugin", () => {
    const more = [
      ...rowsOf("tofu-fast-p10", { 1: 4 }),
      ...rowsOf("tofu-fast-p100", { 1: 10 }),
      ...rowsOf("tofu-stock-p10", { 1: 25 }),
    ];
    const results = new Results([...rows, ...more], 2);
    expect(goalNamed(results, "create, N = 1, against OpenTofu at its best")?.value).toBeCloseTo(1.25);
    expect(goalNamed(results, "create, N = 1, against OpenTofu with the stock provider")?.value).toBeCloseTo(0.2);
  });
});

describe("the report", () => {
  it("has every part, and says what is modelled", async () => {
    const left = { variant: "classroom", size: 1, repetition: 5 };
    const id = "11111111-2222-3333-4444-555555555555";
    const ends = [
      endRow(left, {
        left: [`port web1 (${id})`, `port web1 (${id})`],
        leftByCloud: [`security group default (${id})`],
      }),
    ];
    const { text, svg } = await report([...rows, ...ends], "2026-01-02");
    expect(text).toContain("| limit | 10 | 20.00 (18.00–22.00) | 1.00 | 1.00 | 100 | 4.0 | 0.0 | – | – | 3 |");
    expect(text).toContain("| classroom | 30 | 72.00 (64.80–79.20) | 1.20 |");
    expect(text).toContain("| classroom | 2 × port web1 | 1 × security group default | nothing |");
    expect(text).toContain("| limit | the limit |");
    expect(text).toContain("2 cores, 8 GiB, Linux 6.1");
    // 72 + 70 × (72 − 30) / 20
    expect(text).toMatch(/## Modelled, not measured[^]*\| classroom \| create \| ≈ 219 \|/);
    expect(svg).toMatch(/^<svg[^]*<\/svg>$/);
    for (const word of ["create", "destroy", "classroom", "limit"]) expect(svg).toContain(`>${word}</text>`);
    expect(svg).not.toContain(">no-op</text>");
  });

  it("models nothing that was measured", () => {
    const measured = new Results([...rowsOf("limit", { 30: 60, 100: 200, 300: 600 })], 2);
    expect(modelTable(measured, ["create"])).toBe("");
  });

  it("lists requests by kind, all variants beside each other", () => {
    const counted = (variant: string, byPattern: Record<string, number>) => {
      const round = { variant, size: 1, repetition: 0 };
      const total = Object.values(byPattern).reduce((sum, each) => sum + each, 0);
      return [phaseRow(round, "create", 1, { calls: calls(total, byPattern) }), endRow(round)];
    };
    const results = new Results(
      [...counted("limit", { "POST a": 1, "GET b": 2 }), ...counted("classroom", { "GET b": 9 })],
      2,
    );
    expect(callsTable(results, "create", 1, results.variants).split("\n").slice(2)).toEqual([
      ...["| `GET b` | 2 | 9 |", "| `POST a` | 1 | 0 |", "| all | 3 | 9 |"],
    ]);
  });

  it("is refused where no round was gone through", async () => {
    await expect(report([setupRow()], "x")).rejects.toThrow("no rows of a whole round");
  });
});
