import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

export const PHASES = ["create", "no-op", "preview", "add-one", "destroy"] as const;

/** What a round is told from all others by. */
const roundShape = {
  /** From 1; 0 is the pass in which requests are counted, and whose times say nothing. */
  repetition: z.number().int(),
  variant: z.string(),
  /** Students of the class; add-one makes one more. */
  size: z.number().int(),
  /** The same for all rows of one try at a round: a killed one is begun anew. */
  attempt: z.string(),
};

const callsSchema = z.object({
  total: z.number(),
  byMethod: z.record(z.string(), z.number()),
  byService: z.record(z.string(), z.number()),
  byStatus: z.record(z.string(), z.number()),
  byPattern: z.record(z.string(), z.number()),
});

const phaseRowSchema = z.object({
  kind: z.literal("phase"),
  at: z.iso.datetime(),
  ...roundShape,
  phase: z.enum(PHASES),
  /** There shall be afterwards. */
  students: z.number(),
  ...{ exitCode: z.number(), timedOut: z.boolean(), leftRunning: z.number() },
  ...{ wallSeconds: z.number(), cpuSeconds: z.number(), cpuBy: z.enum(["cgroup", "rusage"]) },
  memory: z.object({ peakMiB: z.number(), processes: z.number(), samples: z.number() }),
  cloudSeconds: z.record(z.string(), z.number()).optional(),
  ...{ otherSeconds: z.number(), busyShare: z.number() },
  /** Whether the cloud was idle when it began. */
  idleBefore: z.boolean(),
  /** In what the students differ from what they should be. */
  wrong: z.array(z.string()).optional(),
  /** Of the counting pass. */
  calls: callsSchema.optional(),
  /** The end of what it printed, when it failed. */
  said: z.string().optional(),
});

const endRowSchema = z.object({
  kind: z.literal("end"),
  at: z.iso.datetime(),
  ...roundShape,
  /** What the variant had left in the cloud after its destroy. */
  left: z.array(z.string()),
  /** What the cloud had made for its projects by itself, and was left too. */
  leftByCloud: z.array(z.string()),
  /** What was new in the administrator's own project: of a variant that did not work as the student, or somebody else's. */
  elsewhere: z.array(z.string()),
  /** What could not be swept away either. */
  notSwept: z.array(z.string()),
});

const setupRowSchema = z.object({
  kind: z.literal("setup"),
  at: z.iso.datetime(),
  versions: z.record(z.string(), z.string()),
  machine: z.object({ cores: z.number(), memoryMiB: z.number(), kernel: z.string() }),
  /** Its name in clouds.yaml. Older rows do not have it, and are of the API-only cloud. */
  cloud: z.string().default("api-only"),
  variants: z.record(z.string(), z.string()),
});

const rowSchema = z.discriminatedUnion("kind", [phaseRowSchema, endRowSchema, setupRowSchema]);
export type Row = z.infer<typeof rowSchema>;
export type PhaseRow = z.infer<typeof phaseRowSchema>;
export type EndRow = z.infer<typeof endRowSchema>;
export type SetupRow = z.infer<typeof setupRowSchema>;
export type Calls = z.infer<typeof callsSchema>;

/** Everything measured so far, one row a line; what is written stays, whatever becomes of us. */
export class RowFile {
  readonly path: string;

  /** Cuts off a last line that was not written to its end. */
  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    if (whole !== text) writeFileSync(path, whole);
  }

  /** @throws when a line is not one of ours */
  read(): Row[] {
    if (!existsSync(this.path)) return [];
    return readFileSync(this.path, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => rowSchema.parse(JSON.parse(line)));
  }

  append(row: Row): void {
    appendFileSync(this.path, `${JSON.stringify(row)}\n`);
  }
}
