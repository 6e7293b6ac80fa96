import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Course } from "../../course/courseSchema.ts";
import { parseCourse } from "../../course/parseCourse.ts";
import { courseFile, hiddenFolder, loadCourse, type LoadedCourse } from "../../stacks/courseFolder.ts";
import { UserError } from "../../terminal/userError.ts";

/** As much of a course as can be read. */
export interface Documents {
  file: string;
  hidden: string;
  /** Undefined when course.yaml itself is wrong: then nothing more is known. */
  course: Course | undefined;
  /** Undefined when the lab or the seats cannot be read. */
  lab: LoadedCourse["lab"] | undefined;
  /** Undefined when the roster cannot be read. */
  students: LoadedCourse["students"] | undefined;
  /** Why the rest cannot be read. */
  problems: string[];
}

/**
 * Reads course.yaml, lab and roster as far as they can be read.
 *
 * @throws {UserError} when there is no such course
 */
export function readDocuments(path?: string): Documents {
  const file = courseFile(path ?? "course.yaml");
  const hidden = hiddenFolder(dirname(file));
  const problems: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!problems.includes(error.message)) problems.push(error.message);
      return undefined;
    }
  };
  const whole = attempt(() => loadCourse(file));
  if (whole !== undefined)
    return { file, hidden, course: whole.course, lab: whole.lab, students: whole.students, problems };
  const withoutRoster = attempt(() => loadCourse(file, { withRoster: false }));
  const parsed = parseCourse(readFileSync(file, "utf8"));
  return {
    ...{ file, hidden, problems, lab: withoutRoster?.lab, students: undefined },
    course: parsed.ok ? parsed.course : undefined,
  };
}
