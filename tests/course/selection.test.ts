import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RosterStudent } from "../../course/roster.ts";
import { selectStudents, shardOf } from "../../course/selection.ts";

const student = (id: string, group?: string): RosterStudent => ({
  id,
  name: id,
  line: 1,
  ...(group === undefined ? {} : { group }),
});
const CLASS = [
  student("kim", "monday"),
  student("lee", "tuesday"),
  student("park"),
  student("choi", "monday"),
  student("jung", "1반"),
];

const idsOf = (selection: ReturnType<typeof selectStudents>) =>
  selection.ok
    ? selection.students.map(({ id }) => id)
    : selection.problems.map(({ path, reason }) => `${path}: ${reason}`);

describe("--students", () => {
  it.each([
    ["kim", ["kim"]],
    ["park,kim", ["kim", "park"]],
    [" lee , lee,", ["lee"]],
    ["monday", ["kim", "choi"]],
    ["monday,park,kim", ["kim", "park", "choi"]],
    ["1반".normalize("NFD"), ["jung"]],
  ])("%j is %j", (text, ids) => {
    expect(idsOf(selectStudents(CLASS, text))).toEqual(ids);
  });

  it("says everything that is unknown, with a suggestion", () => {
    const groups = "(the groups are monday, tuesday, 1반)";
    expect(idsOf(selectStudents(CLASS, "kin,mondy,lee,\u001b[2J"))).toEqual([
      `--students: there is no student and no group "kin"; did you mean "kim"? ${groups}`,
      `--students: there is no student and no group "mondy"; did you mean "monday"? ${groups}`,
      `--students: there is no student and no group "\\u{1b}[2J" ${groups}`,
    ]);
    expect(idsOf(selectStudents([student("kim")], "monday"))).toEqual([
      '--students: there is no student and no group "monday" (the roster has no groups)',
    ]);
  });

  it.each(["", " ", ",,"])("is not empty: %j", (text) => {
    expect(idsOf(selectStudents(CLASS, text))).toEqual([
      '--students: names nobody; write ids or groups, separated by commas: "kim,lee"',
    ]);
  });
});

describe("--shard", () => {
  const classes = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/)).map((ids) => ids.map((id) => student(id)));
  const parts = fc.integer({ min: 1, max: 20 });
  const shard = (students: readonly RosterStudent[], part: number, of: number) =>
    idsOf(shardOf(students, `${part}/${of}`));

  it("has everybody in exactly one part", () => {
    fc.assert(
      fc.property(classes, parts, (students, of) => {
        const all = Array.from({ length: of }, (_, index) => shard(students, index + 1, of)).flat();
        expect(all.toSorted()).toEqual(students.map(({ id }) => id).toSorted());
      }),
    );
  });

  it("moves nobody when others join or the roster is sorted", () => {
    fc.assert(
      fc.property(classes, classes, parts, (students, others, of) => {
        const known = new Set(students.map(({ id }) => id));
        const joined = [...others.filter(({ id }) => !known.has(id)), ...students.toReversed()];
        const still = shard(joined, 1, of).filter((id) => known.has(id));
        expect(still.toSorted()).toEqual(shard(students, 1, of).toSorted());
      }),
    );
  });

  it("is fair enough", () => {
    const students = Array.from({ length: 400 }, (_, index) => student(`s${index}`));
    for (const part of [1, 2, 3, 4]) {
      const { length } = shard(students, part, 4);
      expect(length).toBeGreaterThan(70);
      expect(length).toBeLessThan(130);
    }
  });

  it("is the same on every machine and for ever", () => {
    expect([1, 2, 3].map((part) => shard(CLASS, part, 3))).toEqual([["choi"], ["kim", "park"], ["lee", "jung"]]);
  });

  it.each(["", "2", "0/4", "5/4", "1/0", "-1/4", "1.5/4", "a/b", "1/1001", "1/4/4", "1e1/20"])(
    "is a part of a whole: not %j",
    (text) => {
      expect(idsOf(shardOf(CLASS, text))).toEqual([
        `--shard: ${JSON.stringify(text)} is not a part of the class; write one like "2/4": the second of four, at most 1000`,
      ]);
    },
  );
});
