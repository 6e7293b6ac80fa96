import { program } from "./stacks/program.ts";

// One student with the class part of a lab, from the stack's configuration: see Pulumi.yaml for its keys and Pulumi.dev.yaml for an example.
// With CLASSROOM_COURSE, a stack of that course: the class's `<course>`, or a student's `<course>.<id>`.
export default program;
