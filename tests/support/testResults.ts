import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const root = new URL("../..", import.meta.url).pathname;
/** What was tested here, suite by suite. Not committed: see tests/faults/record.ts. */
const folder = join(root, ".test-results");

const resultSchema = z.object({
  state: z.enum(["passed", "failed"]),
  /** Of the program that was tested: see {@link programVersion}. */
  version: z.string(),
  /** When it ended, as ISO 8601. */
  at: z.string(),
});
export type TestResult = z.output<typeof resultSchema>;

export const resultsSchema = z.record(z.string(), resultSchema);
/** By file and full name: `tests/cli/init.test.ts > init > asks`. */
export type TestResults = z.output<typeof resultsSchema>;

/** What a change of which makes results old. */
const PROGRAM = [
  ...["cli", "cloud-init", "components", "course", "engine", "lab", "labs", "openstack", "stacks", "terminal"],
  "package-lock.json",
];

/** The same for the same bytes of everything that is tested, committed or not. */
export function programVersion(): string {
  const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "--", ...PROGRAM], { cwd: root })
    .toString()
    .split("\n")
    .filter((file) => file !== "" && existsSync(join(root, file)));
  const hash = createHash("sha256");
  for (const file of files.sort())
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  return hash.digest("hex").slice(0, 12);
}

export function readResults(suite: string): TestResults {
  const file = join(folder, `${suite}.json`);
  return existsSync(file) ? resultsSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : {};
}

export function writeResults(suite: string, results: TestResults): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${suite}.json`), `${JSON.stringify(results, null, 1)}\n`);
}
