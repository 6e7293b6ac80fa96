import pLimit from "p-limit";
import { z } from "zod";
import type { SeenObject } from "../cloudObject.ts";
import { ifVisible } from "../visible.ts";
import type { Scope } from "./scope.ts";

/** The most that Swift lists at once: https://docs.openstack.org/api-ref/object-store/#show-account-details-and-list-containers */
const PAGE = 10_000;
const AT_ONCE = 4;
const listSchema = z.array(z.object({ name: z.string() }));

/**
 * Containers and the objects in them. Swift has no listing over projects: each account is asked, and only a reseller administrator may
 * look into those of others.
 */
export async function listContainers({ session, projectIds, gap }: Scope): Promise<SeenObject[]> {
  const limit = pLimit(AT_ONCE);
  const names = async (projectId: string, path: string): Promise<string[] | undefined> => {
    const found: string[] = [];
    for (let marker = ""; ;) {
      const query = `?format=json&limit=${PAGE}&marker=${encodeURIComponent(marker)}`;
      const page = await limit(() =>
        ifVisible(session.request("object-store", "GET", path + query, listSchema, { projectId })),
      );
      if (page === undefined) return undefined;
      found.push(...page.map(({ name }) => name));
      marker = page.at(-1)?.name ?? "";
      if (page.length < PAGE) return found;
    }
  };
  const accounts = await Promise.all(
    projectIds.map(async (projectId) => {
      const containers = await names(projectId, "");
      if (containers === undefined) return undefined;
      const objects = await Promise.all(
        containers.map(async (container) => {
          const inside = (await names(projectId, `/${encodeURIComponent(container)}`)) ?? [];
          return inside.map((name) => seen("containerObject:ContainerObject", `${container}/${name}`, name, projectId));
        }),
      );
      return [...containers.map((name) => seen("container:Container", name, name, projectId)), ...objects.flat()];
    }),
  );
  if (accounts.includes(undefined))
    gap("no containers of some projects: these credentials may not look into the accounts of others");
  return accounts.flatMap((each) => each ?? []);
}

function seen(type: string, id: string, name: string, projectId: string): SeenObject {
  return {
    service: "object-store",
    type: `openstack:objectstorage/${type}`,
    ...{ id, name, projectId, tags: {}, automatic: false },
    ...(id === name ? {} : { partOf: id.slice(0, -name.length - 1) }),
  };
}
