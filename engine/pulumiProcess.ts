import { execa } from "execa";
import { UserError } from "../terminal/userError.ts";
import type { EngineSettings } from "./engineSettings.ts";
import { endLeftPlugins, ourMark } from "./leftPlugins.ts";

export interface ProcessResult {
  stdout: string;
  stderr: string;
  /** Undefined when it was killed. */
  exitCode: number | undefined;
}

/** `pulumi` ended with an error. */
export class PulumiFailed extends UserError {
  readonly result: ProcessResult;

  constructor(command: string, result: ProcessResult) {
    super(`pulumi ${command} failed:\n${result.stderr.trim() || result.stdout.trim()}`, 1);
    this.name = "PulumiFailed";
    this.result = result;
  }
}

/** How a running `pulumi` is told to end. */
export interface ProcessControl {
  /** Ends what is in flight and saves the state. */
  interrupt: AbortSignal;
  /** Ends at once. */
  kill: AbortSignal;
}

/**
 * Runs one `pulumi` process. It has a session of its own, so that Ctrl-C at the terminal reaches it only by way of us, and once.
 *
 * @param cwd default the project's folder
 */
export async function runPulumi(
  settings: Pick<EngineSettings, "env" | "projectFolder">,
  args: readonly string[],
  control?: ProcessControl,
  cwd = settings.projectFolder,
): Promise<ProcessResult> {
  const child = execa("pulumi", [...args, "--non-interactive", "--color", "never"], {
    ...{ cwd, env: { ...settings.env, ...ourMark }, detached: true, reject: false, stdin: "ignore" },
  });
  const interrupt = () => child.kill("SIGINT");
  const kill = () => child.kill("SIGKILL");
  control?.interrupt.addEventListener("abort", interrupt);
  control?.kill.addEventListener("abort", kill);
  if (control?.kill.aborted === true) kill();
  else if (control?.interrupt.aborted === true) interrupt();
  try {
    const { stdout, stderr, exitCode } = await child;
    if (exitCode !== 0 && child.pid !== undefined) endLeftPlugins(child.pid);
    return { stdout, stderr, exitCode };
  } finally {
    control?.interrupt.removeEventListener("abort", interrupt);
    control?.kill.removeEventListener("abort", kill);
  }
}
