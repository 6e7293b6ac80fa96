/** The class stack carries the course's id; a student's stack adds the student's. Ids have no dot, so both can be read back. */
export function classStackName(course: string): string {
  return course;
}

export function studentStackName(course: string, student: string): string {
  return `${course}.${student}`;
}

/** A stack without resources, whose lock is the lock of the whole course. */
export function lockStackName(course: string): string {
  return `${course}._operation`;
}

/** The student whose stack it is; undefined for the class stack and for stacks of other courses. */
export function studentOfStack(course: string, stack: string): string | undefined {
  return stack.startsWith(`${course}.`) ? stack.slice(course.length + 1) : undefined;
}
