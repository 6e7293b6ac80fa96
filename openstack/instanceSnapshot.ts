import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import { poll } from "./poll.ts";
import type { Session } from "./session.ts";

/** With this one, the id of the image is in the answer's body: https://docs.openstack.org/api-ref/compute/#create-image-createimage-action */
const MICROVERSION = "2.45";

export interface InstanceSnapshotOptions {
  imageName: string;
  /** Properties of the image. @default {} */
  metadata?: Record<string, string>;
  /** The whole disk is copied and uploaded. @default 1800 */
  timeoutSeconds?: number;
}

/**
 * Makes an image of an instance as it is and waits until it can be used.
 *
 * @returns id of the image
 */
export async function snapshotInstance(
  session: Session,
  instanceId: string,
  { imageName, metadata = {}, timeoutSeconds = 1800 }: InstanceSnapshotOptions,
): Promise<string> {
  const { image_id: id } = await session.request(
    "compute",
    "POST",
    `/servers/${instanceId}/action`,
    z.object({ image_id: z.string() }),
    { body: { createImage: { name: imageName, metadata } }, microversion: MICROVERSION },
  );
  return poll(
    async () => {
      const { status } = await session.request("image", "GET", `/v2/images/${id}`, z.object({ status: z.string() }));
      if (status !== "queued" && status !== "saving" && status !== "active")
        throw new UserError(`the image ${id} of instance ${instanceId} is ${status}; the cloud could not store it`, 1);
      return status === "active" ? id : undefined;
    },
    { what: `the image ${id} of instance ${instanceId} is not active`, timeoutSeconds },
  );
}
