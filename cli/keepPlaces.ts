import { writeWhole } from "../engine/wholeFiles.ts";
import { type LoadedCourse, pageNamesFile, type Place, readSeats, seatsFile } from "../stacks/courseFolder.ts";
import { mapValues } from "../stacks/mapValues.ts";

/**
 * Keeps who sits where, also for students who are gone: nobody's addresses move when the roster changes. And the names on the pages of
 * those who have a stack: plain `pulumi` asks this folder, not the states.
 */
export function keepPlaces(
  { folder, students }: Pick<LoadedCourse, "folder" | "students">,
  known: Readonly<Record<string, Place>>,
): void {
  const seats = { ...readSeats(folder), ...Object.fromEntries(students.map(({ id, seat }) => [id, seat])) };
  writeWhole(seatsFile(folder), `${JSON.stringify(seats, null, 2)}\n`);
  const names = mapValues(known, (_id, { pageName }) => pageName);
  writeWhole(pageNamesFile(folder), `${JSON.stringify(names, null, 2)}\n`);
}
