import { z } from "zod";
import type { RequestOptions, Service, Session } from "../session.ts";

export interface Listing<T> {
  service: Service;
  /** With its query. */
  path: string;
  /** Name of the list in the answer. */
  key: string;
  item: z.ZodType<T>;
  microversion?: string;
}

const linksSchema = z.array(z.object({ rel: z.string() })).default([]);

/**
 * Everything a service lists, page by page, as large as the service likes them: it says so with a link to the next one. The link itself
 * is not followed, because a service behind a proxy may not know its own address.
 *
 * @throws {ApiError} when the service answers with an error.
 */
export async function listAll<T extends { id: string }>(session: Session, listing: Listing<T>): Promise<T[]> {
  const { service, path, key, item, microversion } = listing;
  const options: RequestOptions = microversion === undefined ? {} : { microversion };
  const page = z.record(z.string(), z.unknown()).transform((body) => ({
    items: z.array(item).parse(body[key]),
    more: linksSchema.parse(body[`${key}_links`] ?? []).some(({ rel }) => rel === "next"),
  }));
  const found: T[] = [];
  for (let query = ""; ;) {
    const { items, more } = await session.request(service, "GET", path + query, page, options);
    found.push(...items);
    const last = items.at(-1);
    if (!more || last === undefined) return found;
    query = `${path.includes("?") ? "&" : "?"}marker=${encodeURIComponent(last.id)}`;
  }
}
