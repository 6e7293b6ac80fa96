import { UserError } from "./userError.ts";

/** Runs a command's main function: a UserError is printed as its message, anything else (our bug) with its stack; sets the exit code. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (error instanceof UserError) {
      console.error(`error: ${error.message}`);
      // What fails because it was interrupted was interrupted.
      process.exitCode ??= error.exitCode;
    } else {
      console.error(error);
      process.exitCode = 1;
    }
  }
}
