import { writeWhole } from "../../engine/wholeFiles.ts";
import { type LoadedCourse, pageNamesFile, type Place, readSeats, seatsFile } from "../../stacks/courseFolder.ts";
import { mapValues } from "../../stacks/mapValues.ts";

/** Keeps who sits where, also for students who are gone: nobody's addresses move when the roster changes. */
export function keepSeats({ folder, students }: Pick<LoadedCourse, "folder" | "students">): void {
  const seats = { ...readSeats(folder), ...Object.fromEntries(students.map(({ id, seat }) => [id, seat])) };
  writeWhole(seatsFile(folder), `${JSON.stringify(seats, null, 2)}\n`);
}

/** Keeps the names on the pages of those who have a stack: plain `pulumi` asks this folder, not the states. */
export function keepPageNames({ folder }: Pick<LoadedCourse, "folder">, known: Readonly<Record<string, Place>>): void {
  const names = mapValues(known, (_id, { pageName }) => pageName);
  writeWhole(pageNamesFile(folder), `${JSON.stringify(names, null, 2)}\n`);
}
