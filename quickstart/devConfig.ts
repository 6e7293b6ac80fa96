import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { expandHome } from "../terminal/expandHome.ts";
import { projectRoot } from "./commands.ts";

/** The stack that `npm start` brings up. */
export const devStack = "dev";

/** What `npm start` itself needs of Pulumi.dev.yaml; the rest is for the program. */
export interface DevConfig {
  studentName: string;
  /** Command that reaches floating IPs, as words. */
  reach: string[];
  sshKeyFile: string;
}

const schema = z.object({
  config: z.object({
    "classroom:student": z.object({ id: z.string(), name: z.string().optional() }),
    "classroom:reachCommand": z.string().default(""),
    "classroom:sshKeyFile": z.string(),
  }),
});

export function readDevConfig(): DevConfig {
  const { config } = schema.parse(parse(readFileSync(join(projectRoot, `Pulumi.${devStack}.yaml`), "utf8")));
  const student = config["classroom:student"];
  return {
    studentName: student.name ?? student.id,
    reach: config["classroom:reachCommand"].split(" ").filter((word) => word !== ""),
    sshKeyFile: expandHome(config["classroom:sshKeyFile"]),
  };
}
