import { type Command, Option } from "commander";
import { loadCourse } from "../../stacks/courseFolder.ts";
import { printResult } from "../command-line/printResult.ts";
import { chosenStudents, withJson, withStudents } from "../command-line/sharedOptions.ts";
import { wholeNumber } from "../command-line/wholeNumber.ts";
import { checkCourse } from "../course-access/checkCourse.ts";
import { checkText } from "../course-access/checkText.ts";

interface CheckCommandOptions {
  course: string;
  students?: string;
  studentsCount?: number;
  json: boolean;
}

export function registerCheck(program: Command): void {
  withJson(
    withStudents(
      program
        .command("check")
        .description("whether the class fits into the cloud, the largest one that does, and what runs out first"),
    ),
  )
    .addOption(
      new Option("--students-count <number>", "so many students instead of the roster's: what if?")
        .argParser(wholeNumber(1, 5000))
        .conflicts("students"),
    )
    .addHelpText(
      "after",
      "\nWith --students, whoever is there already counts, too. Only reads. Exit codes: 0 the class can be built, 2 it cannot.",
    )
    .action(async ({ course, students, studentsCount, json }: CheckCommandOptions) => {
      const loaded = loadCourse(course, { withRoster: studentsCount === undefined });
      const check = await checkCourse(loaded, {
        studentsCount,
        only: students === undefined ? undefined : chosenStudents(loaded, { students }).map(({ id }) => id),
      });
      printResult(check, json, checkText);
      if (!check.ok) process.exitCode = 2;
    });
}
