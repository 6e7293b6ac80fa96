import { z } from "zod";
import { unlessGone } from "./apiError.ts";
import type { Session } from "./session.ts";

const serverSchema = z.object({
  server: z.object({ name: z.string(), status: z.string(), fault: z.object({ message: z.string() }).optional() }),
});

/** Why instances are in error, in Nova's words: `web1: No valid host was found.` One that is gone or well says nothing. */
export async function instanceFaults(session: Session, instanceIds: readonly string[]): Promise<string[]> {
  const servers = await Promise.all(
    instanceIds.map((id) => unlessGone(session.request("compute", "GET", `/servers/${id}`, serverSchema))),
  );
  return servers.flatMap((answer) =>
    answer?.server.status === "ERROR"
      ? [`${answer.server.name}: ${answer.server.fault?.message ?? "in error, and Nova gives no reason"}`]
      : [],
  );
}
