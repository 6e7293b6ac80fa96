import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pLimit from "p-limit";
import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import type { EngineSettings } from "./engineSettings.ts";
import { wasGoneMeanwhile } from "./goneMeanwhile.ts";
import { type ProcessResult, runPulumi } from "./pulumiProcess.ts";

const resourceSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  id: z.string().default(""),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
  parent: z.string().default(""),
  provider: z.string().default(""),
  initErrors: z.array(z.string()).default([]),
  delete: z.boolean().default(false),
});
/** A resource as the state has it; secrets are encrypted. */
export type StateResource = z.output<typeof resourceSchema>;

const deploymentSchema = z
  .looseObject({
    resources: z.array(resourceSchema).nullish(),
    pending_operations: z.array(z.looseObject({ resource: resourceSchema, type: z.string() })).nullish(),
  })
  .nullish();

/** What Pulumi knows of one stack. */
export interface StackState {
  stack: string;
  resources: StateResource[];
  /** What an update that was killed had begun. */
  pending: { resource: StateResource; type: string }[];
  /** Of the program; secrets are encrypted. Empty when it never ended well. */
  outputs: Record<string, unknown>;
  /** The same as long as nothing of it changes; empty for a stack that was just made. */
  digest: string;
}

/** What reading takes: no stack's own settings. */
export type Reading = Pick<EngineSettings, "env" | "projectFolder">;

export const PROJECT = "classroom";
/** Each is a process of 0.2 s CPU. */
const EXPORTS_AT_ONCE = 4;
/** Others at work on the same class make and remove stacks while we list them, but not for ever. */
const MOST_LOOKS = 4;

/** A stack whose state cannot be read. */
export interface UnreadableStack {
  stack: string;
  reason: string;
}

/**
 * The stacks of this project that there are, by name.
 *
 * @param wanted which of them to read
 * @throws {UserError} naming every state that is damaged, instead of taking it for empty
 */
export async function readStacks(
  settings: EngineSettings,
  wanted: (stack: string) => boolean,
): Promise<Map<string, StackState>> {
  const { states, unreadable } = await readEachStack(settings, wanted);
  if (unreadable.length > 0) throw new UserError(unreadable.map(({ reason }) => reason).join("\n"));
  return states;
}

/**
 * The same for those who want to know what can be read although something cannot.
 *
 * @throws {UserError} when it cannot even be told which stacks there are
 */
export async function readEachStack(
  settings: Reading,
  wanted: (stack: string) => boolean,
): Promise<{ states: Map<string, StackState>; unreadable: UnreadableStack[] }> {
  const folder = stacksFolder(settings);
  const names = (folder === undefined ? await listStacks(settings) : listFiles(folder)).filter(wanted).sort();
  const limit = pLimit(EXPORTS_AT_ONCE);
  const unreadable: UnreadableStack[] = [];
  const states = await limit.map(names, async (name) => {
    try {
      return [folder === undefined ? await exportStack(settings, name) : readFile(name, join(folder, `${name}.json`))];
    } catch (error) {
      if (!(error instanceof UserError) && !isFileError(error)) throw error;
      unreadable.push({ stack: name, reason: error.message });
      return [];
    }
  });
  return { states: new Map(states.flat().map((state) => [state.stack, state])), unreadable };
}

/** What the system says of a file, e.g. that it may not be read. */
export function isFileError(error: unknown): error is Error & { code: unknown } {
  return error instanceof Error && "code" in error && "path" in error;
}

/** Where a folder as backend keeps its stacks: reading a file costs nothing, while `pulumi stack export` costs a process each. */
export function stacksFolder({ env }: Pick<EngineSettings, "env">): string | undefined {
  const url = env["PULUMI_BACKEND_URL"] ?? "";
  return url.startsWith("file://") ? join(fileURLToPath(url), ".pulumi", "stacks", PROJECT) : undefined;
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length));
}

async function listStacks(settings: Reading): Promise<string[]> {
  const { exitCode, stdout, stderr } = await look(settings, ["ls", "--json", "--project", PROJECT]);
  if (exitCode !== 0) throw new UserError(`the stacks cannot be listed:\n${stderr.trim()}`);
  return z
    .array(z.object({ name: z.string() }))
    .parse(JSON.parse(stdout))
    .map(({ name }) => name.split("/").at(-1) ?? name);
}

async function exportStack(settings: Reading, name: string): Promise<StackState> {
  const { exitCode, stdout, stderr } = await look(settings, ["export", "--stack", name]);
  if (exitCode !== 0) throw new UserError(`the state of ${name} cannot be read:\n${stderr.trim()}`);
  return stateOf(name, z.object({ deployment: deploymentSchema }).parse(JSON.parse(stdout)).deployment);
}

async function look(settings: Reading, args: readonly string[]): Promise<ProcessResult> {
  for (let looks = 1; ; looks += 1) {
    const result = await runPulumi(settings, ["stack", ...args]);
    if (result.exitCode === 0 || looks === MOST_LOOKS || !wasGoneMeanwhile(result.stderr)) return result;
  }
}

const checkpointSchema = z.object({ checkpoint: z.object({ latest: deploymentSchema }) });

/**
 * How many resources a file's text tells of, as Pulumi writes it to a folder; those that are no more than a name for others are not counted.
 *
 * @returns undefined when it is not a whole state
 */
export function resourcesIn(text: string): number | undefined {
  const parsed = checkpointSchema.safeParse(parseJson(text)).data;
  return parsed === undefined
    ? undefined
    : (parsed.checkpoint.latest?.resources ?? []).filter(({ id, type }) => id !== "" && !type.startsWith("pulumi:"))
        .length;
}

function readFile(name: string, file: string): StackState {
  const parsed = checkpointSchema.safeParse(parseJson(readFileSync(file, "utf8")));
  if (!parsed.success)
    throw new UserError(
      `the state ${file} is damaged; put the last good copy in its place (${file}.bak, or the newest in the folder backups beside stacks)`,
    );
  return stateOf(name, parsed.data.checkpoint.latest);
}

/** Undefined when it is no JSON, as what was cut off in the middle. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function stateOf(stack: string, deployment: z.output<typeof deploymentSchema>): StackState {
  const resources = deployment?.resources ?? [];
  return {
    ...{ stack, resources, pending: deployment?.pending_operations ?? [] },
    outputs: resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {},
    digest: createHash("sha256")
      .update(JSON.stringify(deployment ?? null))
      .digest("hex"),
  };
}
