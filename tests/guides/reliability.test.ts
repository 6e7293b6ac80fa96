import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MATRIX } from "../faults/matrix.ts";

const tests = join(import.meta.dirname, "..");
const document = readFileSync(join(tests, "../docs/reliability.md"), "utf8");

describe("the matrix of what may go wrong", () => {
  it("has 44 rows, each with a test", () => {
    expect(MATRIX.map(({ row }) => row)).toEqual(Array.from({ length: 44 }, (_, index) => index + 1));
    expect(MATRIX.filter((row) => row.tests.length === 0)).toEqual([]);
  });

  it.each(MATRIX.flatMap(({ row, tests: named }) => named.map((each) => ({ row, ...each }))))(
    "names a test that there is: $row, $file, $title",
    ({ file, title }) => {
      expect(existsSync(join(tests, file))).toBe(true);
      const source = readFileSync(join(tests, file), "utf8");
      if (title === "*") expect(source).toMatch(/\b(it|point)\b/);
      // As a string of the source: quotation marks may be escaped there.
      else expect(source).toContain(title);
    },
  );

  it("is in docs/reliability.md, row by row", () => {
    for (const { row, fault, expected } of MATRIX) expect(document).toContain(`| ${row} | ${fault} | ${expected} |`);
  });
});
