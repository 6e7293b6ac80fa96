import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import { poll } from "./poll.ts";
import { nothing, type Session } from "./session.ts";

const instanceSchema = z.object({
  server: z.object({ status: z.string(), fault: z.object({ message: z.string() }).optional() }),
});

/**
 * Reboots an instance and waits until Nova calls it active again; its system then still boots.
 *
 * @param type `hard` is the power switch, for an instance that does not listen; `soft` asks its system
 * @throws {UserError} when the instance is in error afterwards, with Nova's reason, or not active in time.
 */
export async function reboot(
  session: Session,
  instanceId: string,
  type: "soft" | "hard",
  timeoutSeconds = 180,
): Promise<void> {
  const path = `/servers/${instanceId}`;
  await session.request("compute", "POST", `${path}/action`, nothing, {
    body: { reboot: { type: type.toUpperCase() } },
  });
  await poll(
    async () => {
      const { server } = await session.request("compute", "GET", path, instanceSchema);
      if (server.status === "ERROR")
        throw new UserError(
          `${instanceId} is in error after the reboot: ${server.fault?.message ?? "no reason given"}`,
          1,
        );
      return server.status === "ACTIVE" ? true : undefined;
    },
    { what: `${instanceId} is not active`, timeoutSeconds },
  );
}
