import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { refuse } from "../terminal/userError.ts";
import { apiOnly } from "./cloudKind.ts";
import { writeWhole } from "./files.ts";
import type { OptionalService } from "./optionalService.ts";
import { home } from "./paths.ts";
import { cinder } from "./services/cinder.ts";
import { fwaas } from "./services/fwaas.ts";
import { heat } from "./services/heat.ts";
import { horizon } from "./services/horizon.ts";
import { novnc } from "./services/novnc.ts";
import { octavia } from "./services/octavia.ts";
import { swift } from "./services/swift.ts";
import { vpn } from "./services/vpn.ts";

/** All there are, in the order in which they are shown and started. The API-only cloud has only what needs neither root nor guests. */
export const optionalServices: readonly OptionalService[] = apiOnly
  ? [heat]
  : [cinder, swift, vpn, fwaas, horizon, novnc, octavia, heat];

/** Names of the services that `up` keeps running until told otherwise. */
const choiceFile = join(home, "services.json");

export function chosenServices(): OptionalService[] {
  const names = existsSync(choiceFile) ? z.array(z.string()).parse(JSON.parse(readFileSync(choiceFile, "utf8"))) : [];
  return optionalServices.filter(({ name }) => names.includes(name));
}

export function rememberServices(services: readonly OptionalService[]): void {
  writeWhole({ path: choiceFile, text: `${JSON.stringify(services.map(({ name }) => name))}\n` });
}

/**
 * @param before those that were chosen until now
 * @returns those from now on
 * @throws UserError naming every name that is unknown or asked for in both ways
 */
export function choose(
  before: readonly OptionalService[],
  change: { with: readonly string[]; without: readonly string[] },
  known: readonly OptionalService[] = optionalServices,
): OptionalService[] {
  const asked = [...new Set([...change.with, ...change.without])];
  refuse("nothing was changed", [
    ...asked.filter((name) => !known.some((service) => service.name === name)).map((name) => unknown(name, known)),
    ...change.with
      .filter((name) => change.without.includes(name))
      .map((name) => `"${name}" is in both --with and --without: say one`),
  ]);
  return known.filter(
    (service) =>
      (before.includes(service) || change.with.includes(service.name)) && !change.without.includes(service.name),
  );
}

/** For help: a line each. */
export function describeServices(known: readonly OptionalService[] = optionalServices): string {
  const width = Math.max(0, ...known.map(({ name }) => name.length));
  return known.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`).join("\n");
}

function unknown(name: string, known: readonly OptionalService[]): string {
  const names = known.map((service) => service.name);
  const near = closest(name, names);
  const hint = distance(name, near) <= 2 ? ` Did you mean "${near}"?` : "";
  return `unknown service "${name}".${hint} Known are ${names.join(", ")}`;
}
