import type { Command } from "commander";
import { z } from "zod";
import { courseJsonSchema, courseSchema } from "../../course/courseSchema.ts";
import { keyTable } from "../../labs/labReference.ts";

/** For whoever edits course documents, or a tool that does. */
export function registerCourseReference(program: Command): void {
  const course = program
    .command("course")
    .description("the course document, which says what is taught, where and to whom");
  course
    .command("schema")
    .description("the JSON Schema of course documents, for editors")
    .action(() => {
      console.log(JSON.stringify(courseJsonSchema(), null, 2));
    });
  course
    .command("reference")
    .description("every key of course documents with its meaning and default, as Markdown")
    .action(() => {
      console.log(courseReference());
    });
}

/** Every key of a course document as a Markdown table, made of the descriptions that editors show too. */
export function courseReference(): string {
  return keyTable(z.toJSONSchema(courseSchema, { io: "input" }));
}
