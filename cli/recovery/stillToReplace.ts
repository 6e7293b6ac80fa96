import { z } from "zod";
import { readStacks, type StackState } from "../../engine/stackStates.ts";
import { unlessGone } from "../../openstack/apiError.ts";
import type { OpenClass } from "../open-class/openClass.ts";

/**
 * Which of these instances, by URN, are still those from before: what a first try has made anew is not made anew once more, and what is
 * gone from the cloud is made without being replaced – Pulumi refuses to replace what a refresh does not find.
 */
export async function stillToReplace(
  { settings, states, cloud }: Pick<OpenClass, "settings" | "states" | "cloud">,
  stack: string,
  urns: readonly string[],
): Promise<string[]> {
  if (urns.length === 0) return [];
  const before = idsOf(states.get(stack));
  const now = idsOf((await readStacks(settings, (name) => name === stack)).get(stack));
  const there = await Promise.all(
    urns.map(async (urn) => {
      const id = now.get(urn);
      if (id === undefined || id !== before.get(urn)) return [];
      const server = await unlessGone(cloud.session.request("compute", "GET", `/servers/${id}`, serverSchema));
      return server === undefined ? [] : [urn];
    }),
  );
  return there.flat();
}

const serverSchema = z.object({ server: z.object({ id: z.string() }) });

function idsOf(state: StackState | undefined): Map<string, string> {
  return new Map((state?.resources ?? []).map(({ urn, id }) => [urn, id]));
}
