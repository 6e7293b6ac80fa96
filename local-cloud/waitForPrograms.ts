import { join } from "node:path";
import { UserError } from "../terminal/userError.ts";
import { lastLines } from "./files.ts";
import { logs } from "./paths.ts";
import { programStates, supervisors } from "./supervisor.ts";
import { waitUntil } from "./waitUntil.ts";

/**
 * Asks until the answer is yes, while the programs it depends on run.
 *
 * @throws UserError with the last lines of a program's log when supervisor gave it up, or after `seconds`.
 */
export async function waitForPrograms(
  waitingFor: string,
  names: readonly string[],
  check: () => boolean | Promise<boolean>,
  seconds: number,
): Promise<void> {
  const troubled = async (states: readonly string[]) =>
    (await Promise.all(supervisors.map(programStates)))
      .flat()
      .filter(({ name, statename }) => names.includes(name) && states.includes(statename))
      .map(({ name, statename }) => {
        const log = join(logs, `${name}.log`);
        return `${name} is ${statename}; its last words, from ${log}:\n${lastLines(log, 6)}`;
      })
      .join("\n");
  let asked = performance.now();
  await waitUntil(
    waitingFor,
    async () => {
      if (await check()) return true;
      if (performance.now() - asked > 5000) {
        asked = performance.now();
        const given = await troubled(["FATAL"]);
        if (given !== "") throw new UserError(given, 1);
      }
      return false;
    },
    { seconds, explain: () => troubled(["FATAL", "BACKOFF", "EXITED", "STOPPED", "STARTING"]) },
  );
}
