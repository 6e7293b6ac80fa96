import { z } from "zod";
import { SERVICE_TYPES, type Service } from "../openstack/session.ts";

const catalogSchema = z.array(
  z.looseObject({ type: z.string(), endpoints: z.array(z.looseObject({ url: z.string() })) }),
);
const tokenSchema = z.looseObject({ token: z.looseObject({ catalog: catalogSchema }) });
const answerSchema = z.looseObject({ catalog: catalogSchema });

/** The service of a catalogue's type; undefined for one that is not passed on. */
export function serviceOfType(type: string): Service | undefined {
  return SERVICES.find((service) => {
    const types: readonly string[] = SERVICE_TYPES[service];
    return types.includes(type);
  });
}

export const SERVICES = z
  .array(z.custom<Service>((key) => typeof key === "string" && key in SERVICE_TYPES))
  .parse(Object.keys(SERVICE_TYPES));

/**
 * What Keystone answers, with the services at the proxy's addresses.
 *
 * @param body of a token or of a catalogue; anything else stays as it is
 * @param origins of the proxy, e.g. `http://127.0.0.1:40001`
 * @param hidden services that the cloud is to seem not to have
 */
export function rewriteCatalogue(
  body: string,
  origins: ReadonlyMap<Service, string>,
  hidden: ReadonlySet<Service>,
): string {
  const answer = parseJson(body);
  const token = tokenSchema.safeParse(answer).data;
  if (token !== undefined)
    return JSON.stringify({ ...token, token: { ...token.token, catalog: rewritten(token.token.catalog) } });
  const alone = answerSchema.safeParse(answer).data;
  return alone === undefined ? body : JSON.stringify({ ...alone, catalog: rewritten(alone.catalog) });

  function rewritten(catalog: z.output<typeof catalogSchema>) {
    return catalog.flatMap((entry) => {
      const service = serviceOfType(entry.type);
      if (service !== undefined && hidden.has(service)) return [];
      const origin = service === undefined ? undefined : origins.get(service);
      if (origin === undefined) return [entry];
      const endpoints = entry.endpoints.map((endpoint) => ({ ...endpoint, url: withOrigin(endpoint.url, origin) }));
      return [{ ...entry, endpoints }];
    });
  }
}

/** The same path at another address; without the slash that URL adds to none. */
export function withOrigin(url: string, origin: string): string {
  return `${origin}${url.slice(new URL(url).origin.length)}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
