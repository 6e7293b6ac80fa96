import { z } from "zod";
import { type SeenObject, tagEntries } from "../cloudObject.ts";
import type { Scope } from "./scope.ts";

const imageSchema = z
  .object({
    id: z.string(),
    name: z.string().nullish(),
    owner: z.string().nullish(),
    status: z.string(),
    created_at: z.string().optional(),
    tags: z.array(z.string()).default([]),
    // Metadata of an instance's snapshot become properties.
    course: z.string().optional(),
    student: z.string().optional(),
    instance_uuid: z.string().optional(),
  })
  .transform(({ id, name, owner, status, created_at, tags, course, student, instance_uuid }) => ({
    object: {
      service: "image",
      type: "openstack:images/image:Image",
      ...{ id, name: name ?? "", automatic: false, status },
      tags: {
        ...(course === undefined ? {} : { course }),
        ...(student === undefined ? {} : { student }),
        ...tagEntries(tags),
      },
      ...(owner == null ? {} : { projectId: owner }),
      ...(created_at === undefined ? {} : { createdAt: created_at }),
    } satisfies SeenObject,
    instanceId: instance_uuid,
  }));
const pageSchema = z.object({ images: z.array(imageSchema), next: z.string().optional() });

/**
 * Images with the course's tag or of its projects. What Nova keeps of a shelved instance is an image, too, and goes with the instance.
 *
 * @param instances all that may be shelved
 */
export async function listImages(
  { session, course, projectIds }: Scope,
  instances: readonly SeenObject[],
): Promise<SeenObject[]> {
  const shelved = new Map(
    instances
      .filter(({ status }) => status?.startsWith("SHELVED"))
      .map(({ id, name }) => [id, `${name}-shelved`] as const),
  );
  const found: SeenObject[] = [];
  for (let path: string | undefined = "/v2/images?limit=500&visibility=all"; path !== undefined;) {
    const page: z.infer<typeof pageSchema> = await session.request("image", "GET", path, pageSchema);
    for (const { object, instanceId = "" } of page.images) {
      if (object.tags.course !== course && !projectIds.includes(object.projectId ?? "")) continue;
      const ofShelved = shelved.get(instanceId) === object.name;
      found.push(ofShelved ? { ...object, automatic: true, partOf: instanceId } : object);
    }
    path = page.next;
  }
  return found;
}
