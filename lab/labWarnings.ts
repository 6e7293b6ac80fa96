import { didYouMean } from "./didYouMean.ts";
import { widened } from "./ipv4.ts";
import type { Lab } from "./labSchema.ts";
import type { Problem } from "./problem.ts";

/** What may be meant but should be said: networks that were widened, and missing name servers. */
export function labWarnings(lab: Lab, raw: unknown): Problem[] {
  return [...widenedNetworks(raw, []), ...missingNameServers(lab), ...almostNamed(lab)];
}

function widenedNetworks(value: unknown, path: readonly string[]): Problem[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): Problem[] => {
    const here = [...path, key];
    if (key !== "cidr" || typeof inner !== "string") return widenedNetworks(inner, here);
    const network = widened(inner);
    return network === inner
      ? []
      : [{ path: here.join("."), reason: `"${inner}" lies in the network ${network}, which is used` }];
  });
}

/** Packages are found by name. */
function missingNameServers({ student: { networks, instances } }: Lab): Problem[] {
  return Object.entries(networks).flatMap(([name, { dns, closed }]) => {
    const users = Object.entries(instances).filter(([, { network, web }]) => network === name && web !== undefined);
    if (dns.length > 0 || closed || users.length === 0) return [];
    const who = users.map(([instance]) => instance).join(", ");
    return [
      {
        path: `student.networks.${name}`,
        reason: `names no name server, and ${who} installs packages by name; unless the cloud offers one, write e.g. dns: [8.8.8.8]`,
      },
    ];
  });
}

/** A flavor or an image that the lab does not name is looked for in the cloud, unless it is a slip. */
function almostNamed({ class: { flavors, images }, student: { instances } }: Lab): Problem[] {
  const kinds = [
    ["flavor", Object.keys(flavors)],
    ["image", Object.keys(images)],
  ] as const;
  return Object.entries(instances).flatMap(([instance, entry]) =>
    kinds.flatMap(([kind, known]) => {
      const name = entry[kind];
      const suggestion = name === undefined || known.includes(name) ? "" : didYouMean(name, known);
      return suggestion === ""
        ? []
        : [
            {
              path: `student.instances.${instance}.${kind}`,
              reason: `"${name ?? ""}" is not ${kind === "image" ? "an image" : "a flavor"} of this lab, so the cloud's own is looked for${suggestion}`,
            },
          ];
    }),
  );
}
