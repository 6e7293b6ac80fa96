import { writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "../../terminal/userError.ts";
import { SAMPLE_MILLISECONDS } from "../measure/memory.ts";
import { PHASES, type Row, RowFile, type SetupRow } from "../rows.ts";
import { DISTURBING, Results } from "./cells.ts";
import { plotOf } from "./plot.ts";
import { callsTable, goalTable, growthTable, modelTable, phaseTable, table } from "./tables.ts";

/**
 * Writes tables and plot beside the rows: `<date>.md` and `<date>.svg` beside `<date>.jsonl`.
 *
 * @returns the files
 * @throws {UserError} when there are no rows of a whole round
 */
export async function writeReport(rowsFile: string): Promise<string[]> {
  const rows = new RowFile(rowsFile).read();
  const name = basename(rowsFile, ".jsonl");
  const [markdown, picture] = ["md", "svg"].map((kind) => join(dirname(rowsFile), `${name}.${kind}`));
  if (markdown === undefined || picture === undefined) return [];
  const { text, svg } = await report(rows, name);
  writeFileSync(picture, svg);
  writeFileSync(markdown, text);
  return [markdown, picture];
}

/** @param name of the files, without what comes after the dot */
export async function report(rows: readonly Row[], name: string): Promise<{ text: string; svg: string }> {
  const setups = rows.filter((row) => row.kind === "setup");
  const setup = setups.at(-1);
  const results = new Results(rows, setup?.machine.cores ?? 1);
  if (setup === undefined || results.variants.length === 0)
    throw new UserError("there are no rows of a whole round yet");
  const titles = new Map(setups.flatMap(({ variants }) => Object.entries(variants)));
  const [smallest = 1] = results.sizes;
  const sections = [
    `# Benchmark of ${name}`,
    INTRODUCTION,
    setupText(setup),
    table(
      ["variant", "what it is"],
      results.variants.map((variant) => [variant, titles.get(variant) ?? ""]),
    ),
    `![Seconds over students for each phase](${name}.svg)`,
    ...["## Goals", goalTable(results)],
    ...PHASES.flatMap((phase) => titled(`## ${phase}`, phaseTable(results, phase))),
    ...titled("## Cost as the class grows", growthTable(results, "create"), GROWTH),
    ...titled("## Modelled, not measured", modelTable(results, ["create", "no-op", "destroy"]), MODEL),
    ...["## What was left in the cloud", leftText(results)],
    ...titled(`## Requests of one create, N = ${smallest}`, callsTable(results, "create", smallest, results.variants)),
    ...titled(
      `## Requests of one destroy, N = ${smallest} + 1`,
      callsTable(results, "destroy", smallest, results.variants),
    ),
  ];
  return { text: `${sections.join("\n\n")}\n`, svg: await plotOf(results) };
}

function titled(title: string, text: string, words?: string): string[] {
  return text === "" ? [] : [title, ...(words === undefined ? [] : [words]), text];
}

const INTRODUCTION =
  "Every variant makes the same students: project, user, quotas, network, subnet, router and its interface, security group with three rules, key pair, port, instance, " +
  "a floating IP that leads to it. Client and cloud share the cores. Wall and CPU are the median of all runs (least–most); CPU is user and system time of the " +
  `client's whole tree of processes, as the kernel counts; memory is the highest sum of PSS of the tree, looked at every ${SAMPLE_MILLISECONDS} ms or less often when looking is dear. ` +
  `Other CPU is what everything else on the machine used meanwhile; \`!\` marks a row of which at least one run lost more than ${DISTURBING * 100} % of the machine to it, \`≠\` one that made other students than it should, as an administrator found them after create and add-one: those are compared with nothing. ` +
  "Requests are those of the client, counted by a proxy in a pass of their own that is not timed; what the services ask each other is not in them. Preview, add-one and destroy have N + 1 students. What stands in the way of a missed goal is told in docs/performance.md.";

const GROWTH =
  "Growth is the exponent between the two largest sizes: 1 is in proportion to the class, 0 is the same at any size, 2 is with its square.";
const MODEL =
  "Straight lines through the two largest sizes that were measured, of 10 students or more. What grows faster than the class, such as the state of one large stack, is not in them.";

function setupText({ versions, machine: { cores, memoryMiB, kernel }, cloud }: SetupRow): string {
  const list = Object.entries(versions).map(([what, version]) => `${what} ${version}`);
  return `Machine: ${cores} cores, ${(memoryMiB / 1024).toFixed(0)} GiB, Linux ${kernel}. Cloud: ${cloud}. Versions: ${list.join(" · ")}.`;
}

function leftText({ left }: Results): string {
  const rows = Array.from(left, ([variant, { own, byCloud, elsewhere }]) => [
    variant,
    ...[own, byCloud, elsewhere].map(listText),
  ]);
  return [
    "After destroy, looked up through the API by an administrator; the most that one round left. What the cloud makes for a project by itself outlives the project unless somebody deletes it.",
    table(["variant", "its own", "made by the cloud for its projects", "new in the administrator's project"], rows),
  ].join("\n\n");
}

/** Kinds with how often, because ids say nothing here. */
function listText(objects: readonly string[]): string {
  const kinds = Map.groupBy(objects, (object) => object.replace(/ \(?[0-9a-f]{8}[0-9a-f-]{23,}\)?$/, ""));
  const texts = Array.from(kinds, ([kind, each]) => `${each.length} × ${kind}`);
  return texts.length === 0 ? "nothing" : texts.join(", ");
}
