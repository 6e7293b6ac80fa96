import { Listr } from "listr2";
import { elapsed, STILL_AT_IT_MS } from "./steps.ts";

/** Work that goes on beside other work, shown with its elapsed time. */
export interface Task<T> {
  title: string;
  /**
   * Never throws for what may go wrong with one of many: it says so in its result.
   *
   * @param report shows one line of detail beside the title, replaced by the next; nothing of it is in a log
   * @param tell the same for what is seldom and worth keeping: in a log it has a line of its own
   */
  run: (report: (line: string) => void, tell: (line: string) => void) => Promise<TaskEnd<T>>;
}

export interface TaskEnd<T> {
  value: T;
  /** Shown beside the title. */
  note?: string;
  /** Why it failed, in a line; undefined when it did not. */
  failed?: string;
}

/**
 * Starts all tasks at once (who runs how many at a time is theirs to say) and shows how far they are: on a terminal each in its line,
 * elsewhere in plain lines on standard error as they end or have something to tell, and each half minute how many have ended.
 * A standard output that is no terminal gets nothing but the result.
 *
 * @returns the values, in the order of the tasks
 * @throws what a task threw
 */
export async function runTasks<T>(tasks: readonly Task<T>[]): Promise<T[]> {
  // Listr draws on standard output, which is somebody's file when it is no terminal.
  return process.stdout.isTTY && process.stderr.isTTY ? runInteractive(tasks) : runPlain(tasks);
}

async function runInteractive<T>(tasks: readonly Task<T>[]): Promise<T[]> {
  const values: T[] = [];
  const unexpected: Error[] = [];
  const list = new Listr(
    tasks.map(({ title, run }, index) => ({
      title,
      task: async (_context: unknown, task: { title: string; output: string }) => {
        const began = performance.now();
        const clock = setInterval(() => (task.title = `${title} … ${elapsed(began)}`), 1000);
        const show = (line: string) => (task.output = line);
        const {
          value,
          note = "",
          failed,
        } = await run(show, show)
          .catch((error: unknown) => {
            unexpected.push(error instanceof Error ? error : new Error(String(error)));
            throw error;
          })
          .finally(() => {
            clearInterval(clock);
          });
        values[index] = value;
        task.title = `${title} – ${elapsed(began)}${note === "" ? "" : `, ${note}`}${failed === undefined ? "" : `: ${failed}`}`;
        if (failed !== undefined) throw new Error(failed);
      },
    })),
    {
      ...{ concurrent: true, exitOnError: false, registerSignalListeners: false },
      rendererOptions: { showErrorMessage: false, collapseErrors: false },
      renderer: "default",
    },
  );
  await list.run();
  // Listr keeps every error to itself, also one that is a mistake of ours.
  const [first] = unexpected;
  if (first !== undefined) throw first;
  return values;
}

async function runPlain<T>(tasks: readonly Task<T>[]): Promise<T[]> {
  const began = performance.now();
  let ended = 0;
  const clock = setInterval(() => {
    console.error(`… ${ended} of ${tasks.length} done after ${elapsed(began)}`);
  }, STILL_AT_IT_MS);
  return Promise.all(
    tasks.map(async ({ title, run }) => {
      const tell = (line: string) => {
        console.error(`  ${title}: ${line} (${elapsed(began)})`);
      };
      const { value, note = "", failed } = await run(() => undefined, tell);
      ended += 1;
      const mark = failed === undefined ? "+" : "x";
      const end = failed === undefined ? (note === "" ? "" : `: ${note}`) : ` failed: ${failed}`;
      console.error(`${mark} ${title}${end} (${elapsed(began)})`);
      return value;
    }),
  ).finally(() => {
    clearInterval(clock);
  });
}
