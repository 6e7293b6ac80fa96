import { z } from "zod";
import { changesSchema } from "./changesSchema.ts";
import { classSchema } from "./classSchema.ts";
import { idSchema } from "./schemaTypes.ts";
import { studentSchema } from "./studentSchema.ts";

const stepSchema = z.strictObject({
  name: idSchema.describe("What the step is called in `step:` of the stack's configuration"),
  does: z.string().describe("What this step shows, in a sentence"),
  class: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Changes to the class part: written like it; null takes something away"),
  student: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Changes to the student part: written like it; null takes something away"),
});

/** The lab document: what the room looks like. One source for the types, the validation and the JSON Schema that editors read. */
export const labSchema = z.strictObject({
  lab: idSchema.describe("Id of the lab: lower-case letters, digits and dashes, at most 20"),
  title: z.string().describe("One line for people"),
  description: z.string().default("").describe("What a class does here. Default: nothing"),
  class: classSchema.prefault({}).describe("What all share and only an administrator can make"),
  student: studentSchema.describe("What each student gets"),
  steps: z
    .array(stepSchema)
    .default([])
    .describe("The exercise: each step is the lab with a few changes, on top of the steps before it. Default: none"),
});

export type Lab = z.output<typeof labSchema>;

/**
 * For `# yaml-language-server: $schema=…` at the top of a lab document; labs/lab.schema.json is made of it.
 * https://json-schema.org/draft/2020-12
 */
export function labJsonSchema(): object {
  return {
    ...z.toJSONSchema(labSchema, {
      io: "input",
      // A step's changes are written like the part that they change, so an editor can help with them too.
      override: ({ zodSchema, jsonSchema: { properties = {} } }) => {
        if (zodSchema !== stepSchema) return;
        for (const [key, part] of [["class", classSchema] as const, ["student", studentSchema] as const]) {
          const changes = changesSchema(z.toJSONSchema(part, { io: "input" }));
          properties[key] = { ...changes, description: stepSchema.shape[key].description ?? "" };
        }
      },
    }),
    title: "Lab document",
  };
}
