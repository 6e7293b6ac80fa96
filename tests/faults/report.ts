import { readFileSync, writeFileSync } from "node:fs";
import { programVersion, readResults, type TestResult, type TestResults } from "../support/testResults.ts";
import { MATRIX, resultsOf } from "./matrix.ts";

const DOCUMENT = new URL("../../docs/reliability.md", import.meta.url);
/** Between these the document is written by this program. */
const [BEGIN, END] = ["<!-- results: npm run test:faults -- --report -->", "<!-- end of results -->"] as const;
/** Each keeps its results: see its vitest.config.ts. */
const SUITES = ["unit", "class", "cloud", "labs", "faults"];

writeReport();

/** Writes into docs/reliability.md how the tests of every row ended, as far as it is known. */
function writeReport(): void {
  const results: TestResults = {};
  for (const suite of SUITES) Object.assign(results, readResults(suite));
  const text = readFileSync(DOCUMENT, "utf8");
  const [before, after] = [text.split(BEGIN)[0] ?? "", text.split(END)[1] ?? ""];
  if (!text.includes(BEGIN) || !text.includes(END))
    throw new Error(`docs/reliability.md has no place for results: ${BEGIN}`);
  writeFileSync(DOCUMENT, `${before}${BEGIN}\n\n${table(results)}\n\n${END}${after}`);
}

function table(results: TestResults): string {
  const version = programVersion();
  const lines = MATRIX.map((row) => {
    const { row: number, fault, expected, open } = row;
    const shownBy = [...new Set(row.tests.map(({ file }) => `\`${file}\``))].join("<br>");
    const result = row.tests.map(({ file, title }) => endOf(resultsOf(results, file, title), version));
    return `| ${number} | ${fault} | ${expected} | ${shownBy} | ${summary(result)}${open === undefined ? "" : `; open: ${open}`} |`;
  });
  return [
    `Of the program \`${version}\`, ${new Date().toISOString().slice(0, 10)}.`,
    "",
    "| # | what goes wrong | what is promised | shown by | result |",
    "|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

/** How the tests of one title ended. */
interface End {
  passed: number;
  failed: number;
  /** Passed, but with another program than this one. */
  earlier: number;
}

function endOf(results: readonly TestResult[], version: string): End {
  const now = results.filter((result) => result.version === version);
  return {
    passed: now.filter(({ state }) => state === "passed").length,
    failed: now.filter(({ state }) => state === "failed").length,
    earlier: results.filter((result) => result.version !== version && result.state === "passed").length,
  };
}

/** Never says more than was run. */
function summary(ends: readonly End[]): string {
  const sum = (of: (end: End) => number) => ends.reduce((total, end) => total + of(end), 0);
  const [passed, failed, earlier] = [sum((end) => end.passed), sum((end) => end.failed), sum((end) => end.earlier)];
  const notRun = ends.filter((end) => end.passed + end.failed + end.earlier === 0).length;
  const parts = [
    ...(failed > 0 ? [`**${failed} failed**`] : []),
    ...(passed > 0 ? [`${passed} passed`] : []),
    ...(earlier > 0 ? [`${earlier} passed with an earlier program`] : []),
    ...(notRun === ends.length ? ["not run"] : notRun > 0 ? [`${notRun} of ${ends.length} kinds not run`] : []),
  ];
  return parts.join(", ");
}
