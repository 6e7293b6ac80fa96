import { Listr } from "listr2";

/** One piece of long work, shown with its elapsed time. */
export interface Step {
  title: string;
  /** Why there is nothing to do, shown beside the title; undefined runs the step. */
  skip?: () => string | undefined | Promise<string | undefined>;
  /** @param report shows one line of detail beside the title, replaced by the next */
  run: (report: (line: string) => void) => Promise<void>;
}

/** How often long work says so in a log, which nobody redraws: often enough to see that it goes on, seldom enough to be read. */
export const STILL_AT_IT_MS = 30_000;

/**
 * Runs the steps in order, stopping at the first that fails. On a terminal the list is redrawn in place; elsewhere each step prints a
 * plain line when it begins, one every half minute while it lasts, and one with its time when it ends.
 *
 * @throws whatever the failing step threw.
 */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  await (process.stdout.isTTY ? runInteractive(steps) : runPlain(steps));
}

async function runInteractive(steps: readonly Step[]): Promise<void> {
  const list = new Listr(
    steps.map(({ title, skip, run }) => ({
      title,
      task: async (_context: unknown, task: { title: string; output: string; skip: (message?: string) => void }) => {
        const reason = await skip?.();
        if (reason !== undefined) {
          task.skip(`${title}: ${reason}`);
          return;
        }
        const began = performance.now();
        const clock = setInterval(() => (task.title = `${title} … ${elapsed(began)}`), 1000);
        try {
          await run((line) => (task.output = line));
        } finally {
          clearInterval(clock);
          task.title = `${title} – ${elapsed(began)}`;
        }
      },
    })),
    // We print the error ourselves, once.
    {
      concurrent: false,
      exitOnError: true,
      registerSignalListeners: false,
      rendererOptions: { showErrorMessage: false },
    },
  );
  await list.run();
}

async function runPlain(steps: readonly Step[]): Promise<void> {
  for (const { title, skip, run } of steps) {
    const reason = await skip?.();
    if (reason !== undefined) {
      console.log(`- ${title}: ${reason}`);
      continue;
    }
    const began = performance.now();
    console.log(`> ${title}`);
    let detail = "";
    const clock = setInterval(() => {
      console.log(`  … ${elapsed(began)}${detail === "" ? "" : `: ${detail}`}`);
    }, STILL_AT_IT_MS);
    try {
      await run((line) => (detail = line));
    } catch (error) {
      console.log(`x ${title} failed after ${elapsed(began)}`);
      throw error;
    } finally {
      clearInterval(clock);
    }
    console.log(`  done in ${elapsed(began)}`);
  }
}

/** Time since then, for people: `12 s`, `2 min 5 s`. */
export function elapsed(began: number): string {
  const seconds = Math.round((performance.now() - began) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
