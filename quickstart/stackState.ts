import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { readLockFiles } from "../engine/stateFolder.ts";

/** A student's own provider names the address instead of an entry of clouds.yaml: its `cloud` is empty. */
const inputsSchema = z.looseObject({ cloud: z.string().default(""), authUrl: z.string().optional() });

const checkpointSchema = z.object({
  checkpoint: z.object({
    stack: z.string().optional(),
    latest: z
      .object({
        resources: z.array(z.object({ type: z.string(), inputs: inputsSchema.optional() })).default([]),
      })
      .nullish(),
  }),
});

/** Whether the stack is locked by a process of this machine that is dead, so that the lock may be broken. */
export function lockIsStale(stateFolder: string, stack: string): boolean {
  const env = { PULUMI_BACKEND_URL: pathToFileURL(stateFolder).href };
  const locks = readLockFiles({ env }, (name) => name === stack) ?? [];
  return locks.length > 0 && locks.every(({ holder }) => holder === "dead");
}

/**
 * Stacks kept in the state folder that have resources on another cloud than this one: their state must not be thrown away.
 *
 * @param cloud its entry of clouds.yaml and its Keystone's address
 */
export function stacksElsewhere(stateFolder: string, cloud: { name: string; authUrl: string }): string[] {
  const isOnIt = ({ cloud: name, authUrl }: z.output<typeof inputsSchema>) =>
    name === cloud.name || (name === "" && authUrl === cloud.authUrl);
  return globSync(join(stateFolder, ".pulumi", "stacks", "**", "*.json")).filter((file) => {
    const parsed = checkpointSchema.safeParse(readJson(file));
    // What cannot be read may be anything.
    if (!parsed.success) return true;
    const resources = parsed.data.checkpoint.latest?.resources ?? [];
    return resources.some(
      ({ type, inputs }) => type === "pulumi:providers:openstack" && (inputs === undefined || !isOnIt(inputs)),
    );
  });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
