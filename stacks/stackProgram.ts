import { z } from "zod";
import { type ClassStackInput, classStack } from "./classStack.ts";
import { type StudentStackInput, studentStack } from "./studentStack.ts";

/** Input of the program of a class stack or of a student's stack. */
export type StackInput = ClassStackInput | StudentStackInput;

const inputSchema = z.custom<StackInput>(
  (value) => typeof value === "object" && value !== null && "kind" in value,
  "is not the input of a stack",
);

/** The program that the engine runs, in a thread of its own. */
export default async function stackProgram(input: unknown): Promise<Record<string, unknown>> {
  const stack = inputSchema.parse(input);
  return stack.kind === "class" ? classStack(stack) : studentStack(stack);
}
