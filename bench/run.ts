import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudSettings } from "../openstack/cloudSettings.ts";
import { Session } from "../openstack/session.ts";
import { Leftovers } from "./leftovers.ts";
import { CloudCpu } from "./measure/cloudCpu.ts";
import { ensureOutside, removeOutside } from "./outside.ts";
import { planRounds, stillToDo } from "./plan.ts";
import { runRound } from "./round.ts";
import { RowFile } from "./rows.ts";
import { readSetup } from "./setup.ts";
import type { Phase } from "./variant.ts";
import { chosenVariants, VARIANTS } from "./variants.ts";

export interface RunOptions {
  students: readonly number[];
  repeat: number;
  /** Names. @default all */
  variants?: readonly string[] | undefined;
  phases: readonly Phase[];
  count: boolean;
  /** Seconds. @default {@link patience} */
  timeout?: number | undefined;
  /** Gets the rows. */
  file: string;
  /** Entry of clouds.yaml. */
  cloud: string;
}

/** Measures what the file has no rows of yet. */
export async function runBench(options: RunOptions): Promise<void> {
  const variants = chosenVariants(options.variants);
  const rows = new RowFile(options.file);
  const plan = planRounds({
    ...{ variants: variants.map(({ name }) => name), sizes: options.students },
    ...{ repetitions: options.repeat, count: options.count },
  });
  const rounds = stillToDo(plan, rows.read());
  console.log(`${rounds.length} of ${plan.length} rounds are still to be run; rows go to ${options.file}`);
  if (rounds.length === 0) return;

  process.env["OS_CLOUD"] = options.cloud;
  const cloud = await CloudCpu.find();
  await ensureOutside(await logIn(options.cloud));
  rows.append(await readSetup(variants, options.cloud));
  const workFolder = mkdtempSync(join(tmpdir(), "classroom-bench-"));
  try {
    for (const [index, round] of rounds.entries()) {
      const variant = variants.find(({ name }) => name === round.variant);
      if (variant === undefined) continue;
      const pass = round.repetition === 0 ? "requests are counted" : `repetition ${round.repetition}`;
      console.log(`# ${index + 1} of ${rounds.length}: ${round.variant}, N = ${round.size}, ${pass}`);
      await runRound(round, variant, {
        // A token lasts an hour; a whole run may take longer.
        session: await logIn(options.cloud),
        ...{ cloudName: options.cloud, cloud, workFolder, phases: options.phases },
        timeoutSeconds: (students) => options.timeout ?? patience(students),
        append: (row) => {
          rows.append(row);
        },
        report: (line) => {
          console.log(line);
        },
      });
    }
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

/** Nothing of ours takes so long, so it hangs. */
function patience(students: number): number {
  return 300 + 60 * students;
}

/** Deletes what aborted runs left in the cloud, and the network that all share. */
export async function sweepAll(cloud: string): Promise<void> {
  const session = await logIn(cloud);
  for (const { name } of VARIANTS)
    for (const line of await (await Leftovers.begin(session, name)).sweep()) console.error(`left behind: ${line}`);
  await removeOutside(session);
}

function logIn(cloud: string): Promise<Session> {
  return Session.open(cloudSettings(cloud));
}
