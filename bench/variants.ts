import { UserError } from "../terminal/userError.ts";
import type { Variant } from "./variant.ts";
import { classroom } from "./variants/classroom.ts";
import { heat } from "./variants/heat.ts";
import { limit } from "./variants/limit.ts";
import { openstackCliVariants } from "./variants/openstackCli.ts";
import { openTofuVariants } from "./variants/openTofu.ts";
import { plainPulumi, plainPulumiStock } from "./variants/plainPulumi.ts";

/** All that can be measured, in the order of the tables. */
export const VARIANTS: readonly Variant[] = [
  ...[limit, classroom, plainPulumi, plainPulumiStock],
  ...[...openTofuVariants, heat, ...openstackCliVariants],
];

/**
 * @param names undefined is all
 * @throws {UserError} for a name that is none
 */
export function chosenVariants(names: readonly string[] | undefined): readonly Variant[] {
  if (names === undefined) return VARIANTS;
  return names.map((name) => {
    const found = VARIANTS.find((variant) => variant.name === name);
    if (found === undefined)
      throw new UserError(`there is no variant "${name}"; there is ${VARIANTS.map((each) => each.name).join(", ")}`);
    return found;
  });
}
