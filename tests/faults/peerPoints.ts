import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { RECORD } from "./record.ts";

const pointSchema = z.object({
  nth: z.int(),
  fault: z.string(),
  /** What was met: `POST /v2.0/networks`. */
  request: z.string(),
  /** Exit codes: of the create with the fault, of the one after it, of the destroy. */
  first: z.int(),
  second: z.int(),
  destroyed: z.int(),
  /** In what the student differs from a whole one, after the second create. */
  wrong: z.array(z.string()),
  /** What is in the cloud after the destroy. */
  left: z.array(z.string()),
});
export type PeerPoint = z.output<typeof pointSchema>;

const sweepSchema = z.object({
  at: z.string(),
  /** Requests of a create that change something. */
  writes: z.int(),
  /** How many points there are in all. */
  of: z.int(),
  points: z.array(pointSchema),
});
export type PeerSweep = z.output<typeof sweepSchema>;

const file = new URL("openTofu.json", RECORD);

export function writePeerPoints(sweep: PeerSweep): void {
  mkdirSync(RECORD, { recursive: true });
  writeFileSync(file, `${JSON.stringify(sweep, null, 1)}\n`);
}

/** Undefined when there was none. */
export function readPeerPoints(): PeerSweep | undefined {
  return existsSync(file) ? sweepSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}
