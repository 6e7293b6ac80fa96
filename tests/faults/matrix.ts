import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { TestResult, TestResults } from "../support/testResults.ts";

const rowSchema = z.strictObject({
  row: z.int(),
  fault: z.string(),
  expected: z.string(),
  tests: z.array(
    z.string().transform((text) => {
      const [file = "", ...title] = text.split(" > ");
      return { file, title: title.join(" > ") };
    }),
  ),
  open: z.string().optional(),
});

/** What may go wrong, what is promised then, and which tests show it. */
export const MATRIX = z.array(rowSchema).parse(parse(readFileSync(new URL("matrix.yaml", import.meta.url), "utf8")));

/** What is known of the tests that a row names. */
export function resultsOf(results: TestResults, file: string, title: string): TestResult[] {
  const begin = `tests/${file} > `;
  const pattern = new RegExp(`(^|> )${title.split(PLACEHOLDER).map(escaped).join(".*")}$`, "s");
  return Object.entries(results).flatMap(([name, result]) =>
    name.startsWith(begin) && (title === "*" || pattern.test(name)) ? [result] : [],
  );
}

/** What a title has in place of a value: `$what`, `%s`. */
const PLACEHOLDER = /\$\w+|%[sidj]/;
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
