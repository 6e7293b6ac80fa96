import * as pulumi from "@pulumi/pulumi";
import { classStackName, studentOfStack } from "../course/stackNames.ts";
import { UserError } from "../terminal/userError.ts";
import { classInput, openCourse, studentInput } from "./courseCloud.ts";
import { loadCourse } from "./courseFolder.ts";
import { refuseMixedLogin } from "./mixedLogin.ts";
import { soloProgram } from "./soloProgram.ts";
import stackProgram from "./stackProgram.ts";

/**
 * What `pulumi` runs by itself: a stack of the course that CLASSROOM_COURSE names, or one student with the class part, from the stack's
 * own configuration.
 */
export async function program(): Promise<Record<string, unknown>> {
  const file = process.env["CLASSROOM_COURSE"];
  return file === undefined ? soloProgram() : courseProgram(file);
}

async function courseProgram(file: string): Promise<Record<string, unknown>> {
  try {
    const loaded = loadCourse(file);
    refuseMixedLogin(loaded.lab, process.env);
    const { course } = loaded.course;
    const stack = pulumi.getStack();
    if (stack === classStackName(course)) return await stackProgram(classInput(await openCourse(loaded)));
    const id = studentOfStack(course, stack);
    const student = loaded.students.find((each) => each.id === id);
    if (student === undefined)
      throw new UserError(
        `the stack ${stack} is neither the class stack ${course} nor that of a student of ${file}; ` +
          `student stacks are called ${course}.<id>`,
      );
    return await stackProgram(studentInput(await openCourse(loaded), student));
  } catch (error) {
    if (error instanceof UserError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
