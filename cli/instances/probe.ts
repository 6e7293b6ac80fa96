import { execa } from "execa";
import pLimit from "p-limit";
import { UserError } from "../../terminal/userError.ts";

/** What is asked whether it answers. */
export interface ProbeTarget {
  /** Floating IP. */
  address: string;
  /** Its page; without one the SSH server is asked for its banner. */
  url?: string | undefined;
}

export interface ProbeOptions {
  /** Put before the commands where floating IPs cannot be reached directly, e.g. `ip netns exec classroom`. @default "" */
  reachCommand?: string;
  /** Seconds for each. @default 5, as the stacks' own waiting has it */
  seconds?: number;
}

/** Each is a process that waits; so many at once tell of a hundred silent ones in half a minute. */
const AT_ONCE = 20;

/**
 * Asks all at once, a few at a time.
 *
 * @returns in their order `yes`, or what came instead: `no answer`, `HTTP 503`, `refused`
 * @throws {UserError} when the program that asks is not installed
 */
export function probeAll(targets: readonly ProbeTarget[], options: ProbeOptions = {}): Promise<string[]> {
  const limit = pLimit(AT_ONCE);
  return limit.map([...targets], (target) => probe(target, options));
}

async function probe({ address, url }: ProbeTarget, { reachCommand = "", seconds = 5 }: ProbeOptions): Promise<string> {
  const run = async (...command: string[]) => {
    const [program = "", ...args] = [...reachCommand.split(/\s+/).filter((word) => word !== ""), ...command];
    const result = await execa(program, args, { reject: false, stdin: "ignore", timeout: (seconds + 5) * 1000 });
    if (result.code === "ENOENT") throw new UserError(`${program} is not installed; pages cannot be asked without it`);
    return result;
  };
  if (url === undefined) {
    const { stdout, stderr } = await run("ssh-keyscan", "-T", String(seconds), "-t", "ed25519", address);
    // A server without such a key still says what it is, which ssh-keyscan tells on standard error.
    return /\bSSH-\d/.test(`${stdout}\n${stderr}`) ? "yes" : "no answer";
  }
  const { exitCode, stdout, stderr } = await run(
    ...["curl", "--silent", "--show-error", "--insecure", "--noproxy", "*", "--max-time", String(seconds)],
    ...["--output", "/dev/null", "--write-out", "%{http_code}", url],
  );
  return curlAnswer(exitCode, stdout, stderr);
}

/** https://everything.curl.dev/cmdline/exitcode.html */
const CURL_WORDS: Record<number, string> = { 7: "refused", 28: "no answer", 35: "no TLS", 52: "empty answer" };

function curlAnswer(exitCode: number | undefined, status: string, stderr: string): string {
  // Before curl, the command that leads to the network may have failed.
  if (!/^\d{3}$/.test(status)) return `cannot be asked: ${stderr.trim().split("\n").at(-1) ?? ""}`;
  if (exitCode === 0) return /^[23]/.test(status) ? "yes" : `HTTP ${status}`;
  return CURL_WORDS[exitCode ?? 0] ?? "no answer";
}
