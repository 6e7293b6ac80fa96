import type { SeenObject } from "./cloudObject.ts";
import { purge, type PurgeEvent, type PurgeOptions, type PurgeResult } from "./purge.ts";
import type { Session } from "./session.ts";

/** The only states from which the provider's own delete knows its way: terraform-provider-openstack, `resource_openstack_compute_instance_v2.go`. */
const EASY = ["ACTIVE", "SHUTOFF"];

/** The instances of a listing that Pulumi would fail to delete: in error, still being built, paused, shelved and so on. */
export function stuckInstances<T extends SeenObject>(objects: readonly T[]): T[] {
  return objects.filter(
    ({ type, status = "" }) => type === "openstack:compute/instance:Instance" && !EASY.includes(status),
  );
}

/**
 * Deletes instances directly and waits until they are gone. A destroy afterwards finds nothing there and is content; the disk is lost, as
 * it would be by the destroy.
 */
export function deleteStuckInstances(
  session: Session,
  objects: readonly SeenObject[],
  report?: (event: PurgeEvent) => void,
  options?: PurgeOptions,
): Promise<PurgeResult> {
  return purge(session, stuckInstances(objects), report, options);
}
