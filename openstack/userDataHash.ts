import { createHash } from "node:crypto";
import { z } from "zod";
import type { Session } from "./session.ts";
import { ifVisible } from "./visible.ts";

const USER_DATA = "OS-EXT-SRV-ATTR:user_data";
const serverSchema = z.object({ server: z.object({ [USER_DATA]: z.string().nullish() }) });

/**
 * What the provider keeps of an instance's user data: the SHA-1 of its text, in hexadecimal.
 * https://github.com/terraform-provider-openstack/terraform-provider-openstack/blob/v1.54.1/openstack/resource_openstack_compute_instance_v2.go
 *
 * Nova tells user data since version 2.3, and by its own rules to administrators alone:
 * https://docs.openstack.org/api-ref/compute/#show-server-details
 *
 * @returns undefined when it has none, and when these credentials may not see it
 */
export async function readUserDataHash(session: Session, instanceId: string): Promise<string | undefined> {
  const path = `/servers/${instanceId}`;
  const answer = await ifVisible(session.request("compute", "GET", path, serverSchema, { microversion: "2.3" }));
  const encoded = answer?.server[USER_DATA] ?? undefined;
  return encoded === undefined ? undefined : createHash("sha1").update(Buffer.from(encoded, "base64")).digest("hex");
}
