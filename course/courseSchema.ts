import { z } from "zod";
import { changesSchema } from "../lab/changesSchema.ts";
import { labSchema } from "../lab/labSchema.ts";
import { idSchema } from "../lab/schemaTypes.ts";

/** https://www.pulumi.com/docs/iac/concepts/state-and-backends/ */
const STATE_SCHEMES = ["file", "s3", "azblob", "gs", "postgres", "https"];

const pathSchema = z
  .string()
  .regex(/\S/, "is empty; write a path, or leave the key out")
  // eslint-disable-next-line no-control-regex -- control characters are what must not be there
  .regex(/^[^\u0000-\u001f\u007f]*$/, "has control characters; a path has none");

/** The course document: one teaching of a lab. One source for the types, the validation and the JSON Schema that editors read. */
export const courseSchema = z.strictObject({
  course: idSchema.describe("Id of the course, part of every name: lower-case letters, digits and dashes, at most 20"),
  lab: pathSchema.describe(
    "What the room looks like: a ready lab by its name, or the path of a lab document, from this file on",
  ),
  step: z
    .string()
    .default("")
    .describe("Step of the lab's exercise that the class is at, by its name. Default: the lab as it begins"),
  changes: z
    .record(z.string(), z.unknown())
    .default({})
    .describe(
      "What is different on this cloud or for this class, written like the lab; null takes something away. Default: nothing",
    ),
  cloud: z
    .string()
    .regex(/^\S+$/, "must be the name of an entry of clouds.yaml, without spaces")
    .optional()
    .describe("Entry of clouds.yaml to log in with. Default: OS_CLOUD, else the OS_* variables of an openrc file"),
  roster: pathSchema.default("roster.csv").describe("The list of students, from this file on. Default: roster.csv"),
  tenancy: z
    .enum(["project", "shared"])
    .optional()
    .describe("A project for each student, or one project that all share. Default: as the lab says"),
  state: z
    .string()
    .regex(
      new RegExp(`^(${STATE_SCHEMES.join("|")})://.`),
      `is not a place where Pulumi keeps state; begin it with ${STATE_SCHEMES.map((scheme) => `${scheme}://`).join(", ")}`,
    )
    .optional()
    .describe(
      'Where Pulumi keeps what it knows of the class, e.g. "s3://bucket/course". Default: the folder .classroom beside this file',
    ),
  reachCommand: z
    .string()
    .default("")
    .describe("Command put before ssh and curl where floating IPs cannot be reached directly. Default: none"),
  waitUntilReady: z
    .boolean()
    .default(true)
    .describe("Whether an instance counts as made only when it answers at its floating IP. Default: true"),
  readinessTimeoutSeconds: z
    .int()
    .min(1)
    .default(600)
    .describe("Seconds to wait for an instance to answer after it was made. Default: 600"),
});

export type Course = z.output<typeof courseSchema>;

/**
 * For `# yaml-language-server: $schema=…` at the top of a course document; course/course.schema.json is made of it.
 * https://json-schema.org/draft/2020-12
 */
export function courseJsonSchema(): object {
  const { description = "" } = courseSchema.shape.changes;
  return {
    ...z.toJSONSchema(courseSchema, {
      io: "input",
      // Changes are written like the lab, so an editor can help with them too.
      override: ({ zodSchema, jsonSchema: { properties = {} } }) => {
        if (zodSchema !== courseSchema) return;
        const lab = z.toJSONSchema(labSchema.omit({ steps: true }), { io: "input" });
        properties["changes"] = { ...changesSchema(lab), description };
      },
    }),
    title: "Course document",
  };
}
