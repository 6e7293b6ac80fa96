import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepPageNames, keepSeats } from "../../cli/open-class/keepPlaces.ts";
import { loadCourse, withPlacesOf } from "../../stacks/courseFolder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "course-"));
  writeFileSync(join(folder, "course.yaml"), "course: net101\nlab: packstack\n");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const roster = (...ids: string[]) => {
  writeFileSync(join(folder, "roster.csv"), `id\n${ids.join("\n")}\n`);
  return loadCourse(folder);
};
const seats = ({ students }: ReturnType<typeof loadCourse>) =>
  Object.fromEntries(students.map(({ id, seat }) => [id, seat]));
const place = (seat: number) => ({ seat, pageName: "" });

describe("the name on a student's pages", () => {
  const named = (text: string) => {
    writeFileSync(join(folder, "roster.csv"), `id,name\n${text}\n`);
    return loadCourse(folder);
  };
  const names = ({ students }: ReturnType<typeof loadCourse>) => students.map(({ name, pageName }) => [name, pageName]);
  const made = { kim: { seat: 0, pageName: "Kim" } };

  it("is that of the stack, whatever the roster says later; who has no stack gets the roster's", () => {
    const renamed = withPlacesOf(named("kim,Kim Minji\nlee,Lee"), made);
    expect(names(renamed)).toEqual([
      ["Kim Minji", "Kim"],
      ["Lee", "Lee"],
    ]);
  });

  it("is known to plain pulumi, which asks the folder alone", () => {
    keepPageNames(named("kim,Kim\nlee,Lee"), made);
    expect(names(named("lee,Lee Seojun\nkim,Kim Minji"))).toEqual([
      ["Lee Seojun", "Lee Seojun"],
      ["Kim Minji", "Kim"],
    ]);
  });

  it("is the roster's for the commands once the stack is gone, and where the folder's copy is damaged", () => {
    keepPageNames(named("kim,Kim"), made);
    expect(names(withPlacesOf(named("kim,Kim Minji"), {}))).toEqual([["Kim Minji", "Kim Minji"]]);
    writeFileSync(join(folder, ".classroom", "page-names.json"), "{");
    expect(names(named("kim,Kim Minji"))).toEqual([["Kim Minji", "Kim Minji"]]);
  });
});

describe("the seats of a class", () => {
  it("stay when the roster is put in another order, loses a row and gets another", () => {
    keepSeats(roster("kim", "lee", "park"));
    expect(seats(roster("choi", "park", "kim"))).toEqual({ kim: 0, park: 2, choi: 3 });
    expect(seats(roster("lee"))).toEqual({ lee: 1 });
  });

  it("are those of the stacks, whatever this folder says: another teacher gave them out", () => {
    keepSeats(roster("kim", "lee"));
    const loaded = roster("kim", "lee", "park");
    expect(seats(withPlacesOf(loaded, { park: place(1), kim: place(0) }))).toEqual({ kim: 0, park: 1, lee: 2 });
  });

  it("are never given out twice", () => {
    const ids = ["a", "b", "c", "d", "e"];
    const some = fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1 });
    fc.assert(
      fc.property(some, some, some, (before, made, now) => {
        rmSync(join(folder, ".classroom"), { recursive: true, force: true });
        keepSeats(roster(...before));
        const known = Object.fromEntries(made.map((id, index) => [id, index]));
        const seated = withPlacesOf(roster(...now), Object.fromEntries(made.map((id, index) => [id, place(index)])));
        const given = Object.values({ ...known, ...seats(seated) });
        expect(new Set(given).size).toBe(given.length);
        for (const [id, seat] of Object.entries(seats(seated))) if (id in known) expect(seat).toBe(known[id]);
      }),
      { numRuns: 60 },
    );
  });

  it("are never half written, whenever the writer is killed: a new file takes the old one's place", () => {
    keepSeats(roster("kim"));
    const before = join(folder, "before.json");
    linkSync(join(folder, ".classroom", "seats.json"), before);
    keepSeats(roster("kim", "lee"));
    expect(readFileSync(before, "utf8")).toBe('{\n  "kim": 0\n}\n');
    expect(readFileSync(join(folder, ".classroom", "seats.json"), "utf8")).toBe('{\n  "kim": 0,\n  "lee": 1\n}\n');
    expect(readdirSync(join(folder, ".classroom"))).toEqual(["seats.json"]);
  });

  it("are not guessed when what is known of them is damaged", () => {
    mkdirSync(join(folder, ".classroom"));
    writeFileSync(join(folder, ".classroom", "seats.json"), '{ "kim": "first" }');
    expect(() => roster("kim")).toThrow(/seats\.json is damaged/);
  });
});
