import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import { breakDeadLock } from "./deadLock.ts";
import type { EngineSettings } from "./engineSettings.ts";
import { runPulumi } from "./pulumiProcess.ts";
import { parseJson } from "./stackStates.ts";

/** A resource that is in the cloud, but not in the state, or there with an id that nothing has. */
export interface Adoption extends Component {
  id: string;
  /** As the update that made it gave them; secrets encrypted. */
  inputs: Record<string, unknown>;
  /** What the provider keeps beside them. @default nothing */
  outputs?: Record<string, unknown>;
  provider: string;
}

/** What groups resources, in the state alone. */
export interface Component {
  urn: string;
  type: string;
  parent: string;
}

const exportSchema = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(z.looseObject({ urn: z.string() })).nullish(),
    pending_operations: z.array(z.unknown()).nullish(),
  }),
});

/**
 * Takes resources into the state of a stack, and forgets what an update that was killed had begun: all of it was looked for, so what is
 * not adopted does not exist. The next update must refresh, which fills in what the cloud knows of them.
 *
 * @param gone URNs of what was deleted behind the state's back, and that nothing depends on
 * @throws {UserError} when the state cannot be read or written
 */
export async function adopt(
  settings: EngineSettings,
  stack: string,
  adoptions: readonly (Adoption | Component)[],
  gone: readonly string[] = [],
): Promise<void> {
  const { data: exported } = exportSchema.safeParse(parseJson(await output(settings, stack, "export")));
  if (exported === undefined)
    throw new UserError(`the state of ${stack} cannot be read: what pulumi stack export prints is no state`, 1);
  const { deployment } = exported;
  const resources = deployment.resources ?? [];
  const known = new Set(resources.map(({ urn }) => urn));
  // Without outputs, the provider would take them for an import and forget inputs that cannot be read back.
  const records = new Map(
    adoptions.map((adoption) => [
      adoption.urn,
      "id" in adoption
        ? { ...adoption, custom: true, outputs: { ...adoption.inputs, ...adoption.outputs, id: adoption.id } }
        : { ...adoption, custom: false },
    ]),
  );
  const changed = {
    ...exported,
    deployment: {
      ...deployment,
      resources: [
        // One that is known stays before those that need it.
        ...resources.filter(({ urn }) => !gone.includes(urn)).map((old) => ({ ...old, ...records.get(old.urn) })),
        ...[...records.values()].filter(({ urn }) => !known.has(urn)),
      ],
      pending_operations: [],
    },
  };
  const folder = mkdtempSync(join(tmpdir(), "adopt-"));
  try {
    const file = join(folder, "state.json");
    writeFileSync(file, JSON.stringify(changed), { mode: 0o600 });
    await output(settings, stack, "import", "--file", file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function output(settings: EngineSettings, stack: string, ...args: string[]): Promise<string> {
  const run = () => runPulumi(settings, ["stack", ...args, "--stack", stack], undefined, settings.settingsFolder);
  let result = await run();
  // Whoever was killed in the middle left the lock, too.
  if (result.exitCode !== 0 && (await breakDeadLock(settings, { stack, output: result.stderr }))) result = await run();
  const { exitCode, stdout, stderr } = result;
  if (exitCode !== 0) throw new UserError(`pulumi stack ${args[0] ?? ""} failed for ${stack}:\n${stderr.trim()}`, 1);
  return stdout;
}
