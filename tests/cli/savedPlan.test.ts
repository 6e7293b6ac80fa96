import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepPlan, makePlanFiles, type PlannedStack, refuseOutsidePlan } from "../../cli/class-work/savedPlan.ts";
import { type StackPool, workOnStacks } from "../../cli/open-class/stackWork.ts";
import type { OperationResult } from "../../engine/operation.ts";

let dir: string;
let folder: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plan-"));
  folder = join(dir, "plan");
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const there = { isNew: false, digest: "as it is" };
const STACKS: [string, PlannedStack][] = [
  ["net101", there],
  ["net101.kim", there],
  ["net101.lee", { ...there, isNew: true }],
];
const save = (failed: readonly string[] = []) => {
  makePlanFiles(folder, new Map(STACKS));
  keepPlan(folder, "net101", new Map(STACKS), new Set(failed));
};
const hold = (...changes: [string, PlannedStack][]) => {
  refuseOutsidePlan(folder, "net101", new Map([...STACKS, ...changes]));
};
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

describe("a saved plan", () => {
  it("is its owner's alone, and has a file for every stack that is there", () => {
    save();
    expect(readdirSync(folder).sort()).toEqual(["_stacks.json", "net101.json", "net101.kim.json"]);
    expect([folder, ...readdirSync(folder).map((name) => join(folder, name))].map(modeOf)).toEqual([
      ...["700", "600", "600", "600"],
    ]);
  });

  it("takes the place of the one before, which others could read", () => {
    makePlanFiles(folder, new Map());
    writeFileSync(join(folder, "net101.kim.json"), "former", { mode: 0o644 });
    writeFileSync(join(folder, "net101.lee.json"), "former");
    makePlanFiles(folder, new Map(STACKS));
    expect(modeOf(join(folder, "net101.kim.json"))).toBe("600");
    expect(existsSync(join(folder, "net101.lee.json"))).toBe(false);
    expect(() => {
      hold();
    }).toThrow(`there is no saved plan in ${folder}; save one with: classroom preview --save-plan ${folder}`);
  });

  it("holds for all or some of those it was made of", () => {
    save();
    hold();
    refuseOutsidePlan(folder, "net101", new Map(STACKS.slice(0, 2)));
  });

  it("holds for nobody else, and for nothing that has changed", () => {
    save(["net101.kim"]);
    expect(() => {
      hold(
        ["net101.lee", there],
        ["net101.park", { ...there, isNew: true }],
        ["net101", { ...there, digest: "other" }],
      );
    }).toThrow(
      `nothing was done, because the plan in ${folder} does not hold any more; look at what would be done now with: classroom preview --save-plan ${folder}:
  - net101: the course, the lab, the roster, this program or what the cloud offers has changed
  - net101.kim: is not in the plan
  - net101.lee: was new, and is there by now
  - net101.park: is not in the plan`,
    );
    save();
    expect(() => {
      hold(["net101.kim", { ...there, isNew: true }]);
    }).toThrow("net101.kim: was there, and is gone by now");
  });

  it("is of one course", () => {
    save();
    expect(() => {
      refuseOutsidePlan(folder, "net102", new Map(STACKS));
    }).toThrow(`the plan in ${folder} is of the course net101, and this is net102`);
  });
});

describe("an update that is held to a plan", () => {
  const busy = { message: "got 503 instead" };
  const work = async (begun: boolean, plan?: string) => {
    const tries: (string | undefined)[] = [];
    const pool: StackPool = {
      interrupted: false,
      interruption: new AbortController().signal,
      run: (operation) => {
        tries.push(operation.plan);
        const failed = tries.length === 1;
        const result: OperationResult = {
          ...{ stack: operation.stack, steps: [], changes: {}, outputs: undefined, output: "", seconds: 0 },
          ...{ begun, outcome: failed ? "failed" : "done", errors: failed ? [busy] : [] },
        };
        return Promise.resolve(result);
      },
    };
    const settings = { projectFolder: dir, settingsFolder: dir, env: {} };
    const operation = { stack: "net101.kim", action: "up" as const, ...(plan === undefined ? {} : { plan }) };
    const [result] = await workOnStacks(pool, settings, [{ title: "kim", operation }]);
    return { tries, outcome: result?.outcome, errors: result?.errors.map(({ message }) => message) };
  };

  it("is not tried again once it has begun, and says how to go on", async () => {
    expect(await work(true, "kim.json")).toEqual({
      ...{ tries: ["kim.json"], outcome: "failed" },
      errors: [busy.message, expect.stringMatching(/^it was held to a saved plan, .*classroom preview .*classroom up/)],
    });
  });

  it("is tried again under the same plan while it has done nothing", async () => {
    expect(await work(false, "kim.json")).toEqual({ tries: ["kim.json", "kim.json"], outcome: "done", errors: [] });
  });

  it("is tried again without a plan, as always", async () => {
    expect(await work(true)).toEqual({ tries: [undefined, undefined], outcome: "done", errors: [] });
  });
});
