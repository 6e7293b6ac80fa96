import { z } from "zod";

/** One instance, as the outputs of a student's stack and of the solo stack tell it. */
export interface InstanceOutput {
  instanceId: string;
  fixedIp: string;
  floatingIp: string | null;
  /** Null where nothing leads to it, or nobody logs in. */
  sshCommand: string | null;
  /** Of its page. */
  url: string | null;
  /** Shows what it wrote to its console. */
  consoleCommand: string;
  /** Tells where its screen and keyboard are. */
  consoleUrlCommand: string;
}

const instanceSchema = z.object({
  instanceId: z.string(),
  fixedIp: z.string(),
  floatingIp: z.string().nullable(),
  sshCommand: z.string().nullable(),
  url: z.string().nullable(),
  consoleCommand: z.string(),
  consoleUrlCommand: z.string(),
}) satisfies z.ZodType<InstanceOutput>;

/** Of a stack that came up. */
export const instancesSchema = z.object({ instances: z.record(z.string(), instanceSchema) });

const outputsSchema = z.object({
  instances: instancesSchema.shape.instances.catch({}).default({}),
  project: z
    .object({ authUrl: z.string(), projectId: z.string(), projectName: z.string(), userName: z.string() })
    .nullish()
    .catch(undefined),
});
export type StudentOutputs = z.output<typeof outputsSchema>;

/** Outputs of a student's stack, from its update or its state; nothing where it never came up. */
export function readStudentOutputs(outputs: unknown): StudentOutputs {
  const parsed = outputsSchema.safeParse(outputs);
  return parsed.success ? parsed.data : { instances: {}, project: undefined };
}
