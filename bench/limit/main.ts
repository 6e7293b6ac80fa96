import { z } from "zod";
import { runMain } from "../../terminal/runMain.ts";
import { Cloud } from "./cloud.ts";
import { destroyStudent } from "./destroyStudent.ts";
import { makeStudent, readShared } from "./makeStudent.ts";
import { readState, type State, writeState } from "./state.ts";

/**
 * `node bench/limit/main.ts SIZE STATE`: the fewest calls and the least waiting with which students can be made at all, against which
 * the tools are measured. Makes those up to SIZE who are missing; 0 destroys all. No previews, no retries of what failed, no
 * consistency: nothing that makes a tool a tool.
 */
await runMain(async () => {
  const [size, file] = z.tuple([z.coerce.number().int().min(0), z.string()]).parse(process.argv.slice(2));
  const state = readState(file);
  const cloud = await Cloud.open();
  const works = size === 0 ? await destroyAll(cloud, state) : await makeMissing(cloud, state, size);
  const ends = await Promise.allSettled(works);
  writeState(file, state);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
});

async function makeMissing(cloud: Cloud, state: State, size: number): Promise<Promise<void>[]> {
  const shared = await readShared(cloud);
  const missing = Array.from({ length: size }, (_, index) => index + 1).filter((index) => !state.has(index));
  return missing.map((index) => {
    const made = {};
    state.set(index, made);
    return makeStudent(cloud, shared, index, made);
  });
}

async function destroyAll(cloud: Cloud, state: State): Promise<Promise<void>[]> {
  const groups = z.object({ security_groups: z.array(z.object({ id: z.string(), project_id: z.string() })) });
  const path = "/v2.0/security-groups?name=default&fields=id&fields=project_id";
  const { security_groups } = await cloud.administrator(0).get("network", path, groups);
  const defaults = new Map(security_groups.map(({ id, project_id }) => [project_id, id]));
  return [...state].map(async ([index, made]) => {
    await destroyStudent(cloud, index, made, defaults);
    state.delete(index);
  });
}
