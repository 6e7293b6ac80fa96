import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";

const madeSchema = z.object({
  projectId: z.string(),
  userId: z.string(),
  networkId: z.string(),
  subnetId: z.string(),
  routerId: z.string(),
  groupId: z.string(),
  portId: z.string(),
  floatingIpId: z.string(),
  serverId: z.string(),
});

/** Ids of everything that was made for a student. */
export type MadeStudent = z.infer<typeof madeSchema>;

/** By the student's number. */
export type State = Map<number, Partial<MadeStudent>>;

const stateSchema = z.array(z.tuple([z.number(), madeSchema.partial()]));

/** Empty when there is no such file. */
export function readState(file: string): State {
  if (!existsSync(file)) return new Map();
  return new Map(stateSchema.parse(JSON.parse(readFileSync(file, "utf8"))));
}

export function writeState(file: string, state: State): void {
  writeFileSync(`${file}.new`, JSON.stringify([...state.entries()]));
  renameSync(`${file}.new`, file);
}
