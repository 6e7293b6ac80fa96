import { stripVTControlCharacters } from "node:util";
import { z } from "zod";

/** What an update would do, in short. */
export interface Preview {
  /** How many resources, by operation: `{ create: 12, same: 3 }`. */
  changes: Record<string, number>;
  /** Names of resources that would be deleted or rebuilt. One that never came up properly is no loss. */
  losses: string[];
  /** What the program says: the effective cloud, project and user. */
  notes: string[];
  /** What the program or a provider says is wrong; then the rest means nothing. */
  errors: string[];
}

const previewSchema = z.object({
  changeSummary: z.record(z.string(), z.number()).default({}),
  steps: z
    .array(
      z.object({
        op: z.string(),
        urn: z.string(),
        oldState: z.object({ initErrors: z.array(z.string()).default([]) }).optional(),
      }),
    )
    .default([]),
  diagnostics: z
    .array(z.object({ severity: z.string().optional(), urn: z.string().optional(), message: z.string().default("") }))
    .default([]),
});

/** Reads what `pulumi preview --json` prints; undefined when it printed something else. */
export function readPreview(output: string): Preview | undefined {
  const parsed = previewSchema.safeParse(parseJson(output));
  if (!parsed.success) return undefined;
  const { changeSummary, steps, diagnostics } = parsed.data;
  return {
    changes: changeSummary,
    losses: steps
      .filter(({ op, oldState }) => ["delete", "replace"].includes(op) && oldState?.initErrors.length === 0)
      .map(({ urn }) => urn.split("::").at(-1) ?? urn),
    // What a provider says of a resource carries its URN.
    notes: diagnostics.filter(({ severity, urn }) => severity === "info" && urn === undefined).map(plainMessage),
    errors: diagnostics.filter(({ severity }) => severity === "error").map(plainMessage),
  };
}

function plainMessage({ message }: { message: string }): string {
  return stripVTControlCharacters(message)
    .replace(/^error: /, "")
    .trim();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
