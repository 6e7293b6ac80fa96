import { type Lab, labSchema } from "./labSchema.ts";

/** The lab without everything that a cloud could have twice: of a student the project and its users, of the class nothing. */
export function bareLab({ lab, title, student: { project } }: Lab): Lab {
  const bare = labSchema.parse({ lab, title, student: {} });
  return { ...bare, student: { ...bare.student, ...(project === undefined ? {} : { project }) } };
}
