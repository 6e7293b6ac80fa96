import { UserError } from "./userError.ts";

/**
 * Runs a command's main function: a UserError is printed as its message, anything else (our bug) with its stack; sets the exit code.
 *
 * @param failed told the same, for programs. @default nobody is
 */
export async function runMain(
  main: () => Promise<void>,
  failed?: (message: string, exitCode: number) => void,
): Promise<void> {
  try {
    await main();
  } catch (error) {
    const known = error instanceof UserError;
    console.error(known ? `error: ${error.message}` : error);
    // What fails because it was interrupted was interrupted.
    const exitCode = known ? Number(process.exitCode ?? error.exitCode) : 1;
    process.exitCode = exitCode;
    failed?.(error instanceof Error ? error.message : String(error), exitCode);
  }
}
