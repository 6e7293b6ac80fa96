import { z } from "zod";
import { unlessGone } from "./apiError.ts";
import type { SeenObject } from "./cloudObject.ts";
import type { Session } from "./session.ts";
import { deleteStuckInstances } from "./stuckInstances.ts";

const serverSchema = z.object({ server: z.object({ id: z.string(), name: z.string(), status: z.string() }) });

/**
 * Deletes those of these instances that are in error, and waits until they are gone. Only for such as never came up: nothing is lost
 * with them, and neither Nova nor the provider would ever bring them up.
 *
 * @returns the ids of those that are gone now, or were before
 */
export async function deleteFailedInstances(session: Session, instanceIds: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(
    instanceIds.map((id) => unlessGone(session.request("compute", "GET", `/servers/${id}`, serverSchema))),
  );
  const failed = answers.flatMap((answer): SeenObject[] => {
    if (answer?.server.status !== "ERROR") return [];
    const { id, name, status } = answer.server;
    const type = "openstack:compute/instance:Instance";
    return [{ service: "compute", type, id, name, status, tags: {}, automatic: false }];
  });
  if (failed.length > 0) await deleteStuckInstances(session, failed);
  return instanceIds.filter((id, index) => answers[index] === undefined || failed.some((each) => each.id === id));
}
