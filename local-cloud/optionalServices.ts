import { UserError } from "../terminal/userError.ts";

/** A part of OpenStack beyond the core, installed when asked for by name. */
export interface OptionalService {
  name: string;
  /** One line of help. */
  description: string;
}

const optionalServices: readonly OptionalService[] = [];

/** @throws UserError when a name is unknown. */
export function chosenServices(names: readonly string[]): OptionalService[] {
  return names.map((name) => {
    const service = optionalServices.find((known) => known.name === name);
    if (service !== undefined) return service;
    const known = optionalServices.map((each) => each.name).join(", ");
    throw new UserError(
      `unknown service "${name}": ${known === "" ? "there are no optional services yet" : `known are ${known}`}`,
    );
  });
}
