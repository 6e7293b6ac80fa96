import { z } from "zod";
import type { Session } from "./session.ts";

/** The last lines an instance wrote to its console: https://docs.openstack.org/api-ref/compute/#show-console-output-os-getconsoleoutput-action */
export async function consoleLog(session: Session, instanceId: string): Promise<string> {
  const schema = z.object({ output: z.string() });
  const body = { "os-getConsoleOutput": {} };
  return (await session.request("compute", "POST", `/servers/${instanceId}/action`, schema, { body })).output;
}
