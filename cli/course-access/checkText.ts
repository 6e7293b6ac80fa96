import type { Certificate } from "../../course/capacity.ts";
import type { CapacityRow } from "../../course/capacityRow.ts";
import { columns, counted } from "../command-line/table.ts";
import type { CourseCheck } from "./checkCourse.ts";

/** What `classroom check` prints. */
export function checkText(check: CourseCheck): string {
  const { course, labFile, cloud, problems, warnings, notVisible, rows } = check;
  const parts = [
    `${course}: ${counted(check.students, "student")}${thereText(check)} of ${labFile}\n${cloud}`,
    rows.length === 0 ? "" : table(rows),
    listed("not visible with these credentials", notVisible),
    listed("warnings", warnings),
    listed(
      "problems",
      problems.map(({ path, reason }) => `${path}: ${reason}`),
    ),
    verdict(check),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function thereText({ alreadyThere }: Certificate): string {
  return alreadyThere === 0 ? "" : `, ${alreadyThere} of them there already,`;
}

function table(rows: readonly CapacityRow[]): string {
  return columns(
    ["resource", "where", "each", "need", "have", "missing", "most students", ""],
    rows.map(({ resource, unit, where, needEach, need, have, missing, mostStudents, note }) => [
      unit === "" ? resource : `${resource} in ${unit}`,
      where,
      String(needEach),
      String(need),
      have === null ? "no limit" : String(have),
      missing === 0 ? "–" : String(missing),
      mostStudents === null ? "any" : String(mostStudents),
      note,
    ]),
    [2, 3, 4, 5, 6],
  );
}

function listed(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [`${title}:`, ...lines.map((line) => `  ${line}`)].join("\n");
}

/** The one sentence to take home. */
function verdict({ students, fits, largestClass, firstToRunOut, problems, notVisible }: CourseCheck): string {
  const one = students === 1;
  const who = counted(students, "student");
  const first = firstToRunOut === null ? "" : `${runsOut(firstToRunOut.resource)} (${firstToRunOut.where})`;
  const largest = `the largest class is ${largestClass ?? ""}, then ${first}`;
  const unbounded = `nothing${notVisible.length === 0 ? "" : " that can be seen"} limits the class`;
  const size = `${who} ${fits ? (one ? "fits" : "fit") : one ? "does not fit" : "do not fit"}; ${largestClass === null ? unbounded : largest}`;
  if (problems.length === 0) return `${size}.`;
  return `${size}; ${fits ? "but" : "and"} ${counted(problems.length, "problem")} must be solved before anything can be built.`;
}

/** "memory runs out", "floating IPs run out". */
function runsOut(resource: string): string {
  return `${resource} ${resource.endsWith("s") || resource.startsWith("parts") ? "run" : "runs"} out`;
}
