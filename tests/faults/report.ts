import { readFileSync, writeFileSync } from "node:fs";
import { programVersion, type TestResult, type TestResults } from "../support/testResults.ts";
import { MATRIX, resultsOf } from "./matrix.ts";
import { type PeerSweep, readPeerPoints } from "./peerPoints.ts";
import { knownResults, writeRecord } from "./record.ts";

const DOCUMENT = new URL("../../docs/reliability.md", import.meta.url);

writeReport();

/** Writes into docs/reliability.md how the tests of every row ended, and the comparison, as far as it is known, and keeps what it is written from. */
function writeReport(): void {
  const results = ofRows(knownResults());
  writeRecord(results);
  const text = between(readFileSync(DOCUMENT, "utf8"), "results", table(results));
  writeFileSync(DOCUMENT, between(text, "peer", comparison(results, readPeerPoints())));
}

/** Those that any row names. */
function ofRows(results: TestResults): TestResults {
  const shown = MATRIX.flatMap(({ tests }) => tests.map(({ file, title }) => resultsOf(results, file, title)));
  const isShown = new Set(shown.flat());
  return Object.fromEntries(Object.entries(results).filter(([, result]) => isShown.has(result)));
}

/** The document with a part of it written anew. */
function between(text: string, part: string, content: string): string {
  const [begin, end] = [`<!-- ${part}: npm run test:faults -- --report -->`, `<!-- end of ${part} -->`];
  const [before, rest = ""] = text.split(begin);
  const after = rest.split(end)[1];
  if (after === undefined) throw new Error(`docs/reliability.md has no place for its ${part}: ${begin} … ${end}`);
  return `${before ?? ""}${begin}\n\n${content}\n\n${end}${after}`;
}

/** What the same faults leave behind, ours and OpenTofu's. */
function comparison(results: TestResults, sweep: PeerSweep | undefined): string {
  const points = sweep?.points ?? [];
  const ours = ["lostAnswers", "killed"].flatMap((file) => {
    const all = Object.entries(results).filter(([name]) => name.startsWith(`tests/faults/${file}.test.ts`));
    return all.flatMap(([name, { state }]) => (name.includes("write ") ? [state] : []));
  });
  const count = <T>(list: readonly T[], is: (each: T) => boolean) => list.filter(is).length;
  const line = (tool: string, ...cells: number[]) => `| ${[tool, ...cells].join(" | ")} |`;
  return [
    "| | tried | not whole after the next run | not gone after destroy |",
    "|---|---|---|---|",
    ...(points.length === 0
      ? ["| OpenTofu | not run | | |"]
      : [
          line(
            "OpenTofu",
            points.length,
            count(points, ({ second, wrong }) => second !== 0 || wrong.length > 0),
            count(points, ({ destroyed, left }) => destroyed !== 0 || left.length > 0),
          ),
        ]),
    line(
      "ours, an up and a destroy each, whichever went wrong",
      ours.length,
      count(ours, (state) => state === "failed"),
      count(ours, (state) => state === "failed"),
    ),
    "",
    ...points
      .filter(({ second, wrong, destroyed, left }) => second + destroyed !== 0 || wrong.length + left.length > 0)
      .map(
        ({ nth, request, fault, second, destroyed, wrong, left }) =>
          `- OpenTofu, write ${nth} (\`${request}\`), ${fault}: ` +
          [
            ...(second === 0 ? [] : ["the next run failed"]),
            ...wrong.map((each) => each.replace(/^\S+ /, "")),
            ...(destroyed === 0 ? [] : ["destroy failed"]),
            ...(left.length === 0 ? [] : [`${left.length} things left after destroy`]),
          ].join("; "),
      ),
  ].join("\n");
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
  /** With another program than this one. */
  earlier: number;
  failedEarlier: number;
}

function endOf(results: readonly TestResult[], version: string): End {
  const now = results.filter((result) => result.version === version);
  return {
    passed: now.filter(({ state }) => state === "passed").length,
    failed: now.filter(({ state }) => state === "failed").length,
    earlier: results.filter((result) => result.version !== version && result.state === "passed").length,
    failedEarlier: results.filter((result) => result.version !== version && result.state === "failed").length,
  };
}

/** Never says more than was run. */
function summary(ends: readonly End[]): string {
  const sum = (of: (end: End) => number) => ends.reduce((total, end) => total + of(end), 0);
  const [passed, failed] = [sum((end) => end.passed), sum((end) => end.failed)];
  const [earlier, failedEarlier] = [sum((end) => end.earlier), sum((end) => end.failedEarlier)];
  const notRun = ends.filter((end) => end.passed + end.failed + end.earlier + end.failedEarlier === 0).length;
  const parts = [
    ...(failed > 0 ? [`**${failed} failed**`] : []),
    ...(passed > 0 ? [`${passed} passed`] : []),
    ...(earlier > 0 ? [`${earlier} passed with an earlier program`] : []),
    ...(failedEarlier > 0 ? [`**${failedEarlier} failed with an earlier program**`] : []),
    ...(notRun === ends.length ? ["not run"] : notRun > 0 ? [`${notRun} of ${ends.length} kinds not run`] : []),
  ];
  return parts.join(", ");
}
