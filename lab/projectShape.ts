import { z } from "zod";
import { nameSchema, quotasSchema } from "./schemaTypes.ts";

/** What every project can say, a student's own and one of the class. */
export const projectShape = {
  description: z.string().default("").describe("Default: none"),
  users: z.record(
    nameSchema,
    z.strictObject({ roles: z.array(z.string()).min(1).default(["member"]).describe("Default: member") }),
  ),
  administratorRoles: z
    .array(z.string())
    .default([])
    .describe("Roles that you, who run this, get in the project too, e.g. [admin]. Default: none"),
  quotas: quotasSchema.prefault({}).describe("Default: the cloud's own"),
};
