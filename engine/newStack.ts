import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { z } from "zod";
import { breakDeadLock } from "./deadLock.ts";
import type { EngineSettings } from "./engineSettings.ts";
import { type ProcessControl, PulumiFailed, runPulumi } from "./pulumiProcess.ts";
import { stacksFolder } from "./stackStates.ts";
import { copyWhole, makeWhole } from "./wholeFiles.ts";

type Where = Pick<EngineSettings, "env" | "settingsFolder">;

/** What an empty checkpoint is made of; everything else in one is of the stack itself. */
const checkpointSchema = z.object({
  version: z.literal(3),
  checkpoint: z.object({
    /** Its full name: `organization/classroom/net101`. */
    stack: z.string(),
    latest: z.object({ manifest: z.unknown(), secrets_providers: z.unknown(), metadata: z.unknown() }),
  }),
});

/**
 * Makes an empty stack after the pattern of another one with the same passphrase, instead of by a `pulumi stack init`.
 *
 * It gets that stack's salt: the key is derived from passphrase and salt in a million rounds, 0.2 s of CPU, and only once where one stack
 * reads the other. https://github.com/pulumi/pulumi/blob/sdk/v3.259.0/sdk/go/common/resource/config/crypt.go
 * And where the state is a folder, what Pulumi wrote there for the other stack, without its resources, is the new one: 0.4 s of CPU less.
 *
 * @param patterns stacks that may serve, the first that is there does
 * @returns whether the stack is made; when not, `pulumi stack init` makes it, or says why it cannot be made
 */
export function makeEmptyStack(settings: Where, stack: string, patterns: readonly string[]): boolean {
  const settingsOf = (name: string) => join(settings.settingsFolder, `Pulumi.${name}.yaml`);
  const pattern = patterns.find((name) => name !== stack && existsSync(settingsOf(name)));
  if (pattern === undefined) return false;
  if (!existsSync(settingsOf(stack))) copyWhole(settingsOf(pattern), settingsOf(stack));
  const folder = stacksFolder(settings);
  const checkpoint = folder === undefined ? undefined : readCheckpoint(join(folder, `${pattern}.json`));
  if (folder === undefined || checkpoint === undefined) return false;
  const fullName = posix.join(posix.dirname(checkpoint.checkpoint.stack), stack);
  const empty = { ...checkpoint, checkpoint: { ...checkpoint.checkpoint, stack: fullName } };
  try {
    return makeWhole(join(folder, `${stack}.json`), JSON.stringify(empty));
  } catch {
    return false;
  }
}

/**
 * Makes an empty stack by `pulumi stack init`. Fine when a try before this one, or somebody else, has made it.
 *
 * @throws {PulumiFailed} when it cannot be made
 */
export async function initStack(settings: EngineSettings, stack: string, control?: ProcessControl): Promise<void> {
  const init = () => runPulumi(settings, ["stack", "init", "--stack", stack], control, settings.settingsFolder);
  let result = await init();
  // Whoever could not write the state could not take the lock away either.
  if (result.exitCode !== 0 && (await breakDeadLock(settings, { stack, output: result.stderr }))) result = await init();
  if (result.exitCode !== 0 && !result.stderr.includes("already exists"))
    throw new PulumiFailed(`stack init ${stack}`, result);
}

function readCheckpoint(file: string): z.output<typeof checkpointSchema> | undefined {
  try {
    return checkpointSchema.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  } catch {
    return undefined;
  }
}
