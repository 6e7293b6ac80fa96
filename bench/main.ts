import { Command, InvalidArgumentError } from "commander";
import { join } from "node:path";
import { z } from "zod";
import { cloudVariable } from "../local-cloud/apiOnlyFlag.ts";
import { runMain } from "../terminal/runMain.ts";
import { PHASES } from "./rows.ts";
import type { Phase } from "./variant.ts";

const RESULTS = join(import.meta.dirname, "results");
/** The clouds that a machine can have (local-cloud/). */
const [API_ONLY, LOCAL] = ["api-only", "local"];
const today = () => new Date().toISOString().slice(0, 10);

const program = new Command("bench")
  .description("Makes the same students by every means, one after the other on the same cloud, and tells what it cost.")
  .addHelpText(
    "after",
    `
Phases of one round with N students: create N, no-op, preview of N + 1, add-one (N + 1), destroy. Every variant goes through its round alone;
within a repetition all take turns, in another order each time. Rows are written at once to bench/results/<date>.jsonl: a killed run, started
again with the same words, goes on where it was. Requests are counted in a pass of their own, through a proxy, and not timed.

Wanted: the API-only cloud (npm run cloud -- up --api-only), nothing else to do for the machine, and Python 3. With --cloud local the same is
made on the local cloud (npm run cloud -- up), where guests are emulated and nothing else may be on its provider network.

Examples:
  npm run bench -- run                                     everything, N = 1, 3, 10, 30, three times: hours
  npm run bench -- run --students 1,3 --repeat 1 --variants limit,classroom
  npm run bench -- report                                  tables and plot of today's rows`,
  );

program
  .command("run")
  .description("measure what is still to be measured")
  .option("--students <numbers>", "sizes of the class", numbers, [1, 3, 10, 30])
  .option("--repeat <number>", "how often everything is timed; 0: requests are counted, and no more", repetitions, 3)
  .option("--variants <names>", "only these, by name", words)
  .option("--phases <names>", "only these; create and destroy always are", phases, [...PHASES])
  .option("--no-count", "without the pass in which requests are counted")
  .option("--timeout <seconds>", "for one command; default: 300, and 60 more for each student", wholeNumber)
  .option("--file <path>", "where the rows go", join(RESULTS, `${today()}.jsonl`))
  .option("--cloud <name>", "entry of clouds.yaml", API_ONLY)
  .action(async (given: unknown) => {
    const options = runOptions.parse(given);
    chooseCloud(options.cloud);
    const { runBench } = await import("./run.ts");
    await runBench(options);
  });
program
  .command("report")
  .description("write tables and plot of what was measured: <date>.md and <date>.svg beside the rows")
  .option("--file <path>", "the rows", join(RESULTS, `${today()}.jsonl`))
  .action(async ({ file }: { file: string }) => {
    const { writeReport } = await import("./report/writeReport.ts");
    for (const path of await writeReport(file)) console.log(path);
  });
program
  .command("variants")
  .description("what can be measured")
  .action(async () => {
    const { VARIANTS } = await import("./variants.ts");
    for (const { name, title } of VARIANTS) console.log(`${name.padEnd(20)} ${title}`);
  });
program
  .command("sweep")
  .description("delete everything of the benchmark in the cloud, its network too")
  .option("--cloud <name>", "entry of clouds.yaml", API_ONLY)
  .action(async ({ cloud }: { cloud: string }) => {
    chooseCloud(cloud);
    const { sweepAll } = await import("./run.ts");
    await sweepAll(cloud);
  });

const runOptions = z.object({
  students: z.array(z.number()),
  repeat: z.number(),
  variants: z.array(z.string()).optional(),
  phases: z.array(z.enum(PHASES)),
  count: z.boolean(),
  timeout: z.number().optional(),
  file: z.string(),
  cloud: z.string(),
});

function words(text: string): string[] {
  return text.split(",").map((word) => word.trim());
}

function numbers(text: string): number[] {
  return words(text).map(wholeNumber);
}

function repetitions(text: string): number {
  return text === "0" ? 0 : wholeNumber(text);
}

function wholeNumber(text: string): number {
  const number = z.coerce.number().int().min(1).safeParse(text).data;
  if (number === undefined) throw new InvalidArgumentError(`"${text}" is not a whole number from 1.`);
  return number;
}

function phases(text: string): Phase[] {
  const wanted = z.array(z.enum(PHASES)).safeParse(words(text)).data;
  if (wanted === undefined) throw new InvalidArgumentError(`phases are ${PHASES.join(", ")}.`);
  return PHASES.filter((phase) => phase === "create" || phase === "destroy" || wanted.includes(phase));
}

/** Its paths and ports are constants to whoever imports them: by any name but the local cloud's it is the API-only one, if it is on this machine. */
function chooseCloud(name: string): void {
  if (name !== LOCAL) process.env[cloudVariable] = API_ONLY;
}

await runMain(async () => {
  await program.parseAsync();
});
