import { z } from "zod";
import { NETWORK } from "../../course/resourceTypes.ts";
import type { StackState } from "../../engine/stackStates.ts";
import type { BegunNetwork } from "../../openstack/finishTags.ts";

const inputsSchema = z.object({ name: z.string(), tags: z.array(z.string()) });

/** Networks that a run had begun to make when it was killed. */
export function begunNetworks(state: StackState | undefined): BegunNetwork[] {
  return (state?.pending ?? []).flatMap(({ type, resource: { type: token, inputs } }) => {
    const isBegun = type === "creating" && token === NETWORK;
    const parsed = isBegun ? inputsSchema.safeParse(inputs).data : undefined;
    return parsed === undefined ? [] : [parsed];
  });
}
