import type { InstanceHealth } from "../../course/statusTotals.ts";
import type { InstanceStatus, StudentStatus } from "../../course/studentStatus.ts";
import { columns, counted } from "../command-line/table.ts";
import type { CourseStatus } from "./status.ts";

/** In the order in which a teacher wants to hear of it. */
const WORDS: Record<InstanceHealth, (count: number) => string> = {
  answers: (count) => (count === 1 ? "1 answers" : `${count} answer`),
  active: (count) => `${count} active and not asked`,
  silent: (count) => (count === 1 ? "1 is active and does not answer" : `${count} are active and do not answer`),
  error: (count) => `${count} in error`,
  gone: (count) => `${count} gone`,
  "not made": (count) => `${count} not made`,
  busy: (count) => `${count} in between`,
  suspended: (count) => `${count} suspended`,
  unknown: (count) => `${count} unknown`,
};

/** One table, a line of totals, and a line for everything that is not as it should be. */
export function statusText({ course, ok, students, totals, classDrift, workers, notSeen }: CourseStatus): string {
  const rows = students.flatMap((student) => rowsOf(student));
  const counts = Object.entries(WORDS).flatMap(([health, word]) => {
    const count = Object.entries(totals).find(([name]) => name === health)?.[1];
    return count === undefined ? [] : [word(count)];
  });
  const notes = [
    ...classDrift.map(({ object, how }) => `class: ${object} ${how}`),
    ...students.flatMap(notesOf),
    ...workers.map((worker) => `${worker} is working on the course`),
    ...notSeen.map((each) => `not looked at: ${each}`),
  ];
  return [
    rows.length === 0
      ? `${course}: nobody is in the roster.`
      : columns(["student", "name", "stack", "instance", "state", "address", "answers"], rows),
    "",
    `${counted(students.length, "student")}: ${counts.length === 0 ? "no instances" : counts.join(", ")}.`,
    ...(notes.length === 0 ? [] : ["", ...notes]),
    ...(ok ? [] : ["", "classroom doctor tells what mends it."]),
  ].join("\n");
}

const STACK_WORDS: Partial<Record<StudentStatus["stack"], string>> = { left: "left the roster" };

function rowsOf({ student, name, stack, instances }: StudentStatus): string[][] {
  const head = [student, name, STACK_WORDS[stack] ?? stack];
  if (instances.length === 0) return [[...head, "", "", "", ""]];
  return instances.map((each, index) => [
    ...(index === 0 ? head : ["", "", ""]),
    ...[each.instance, stateOf(each), each.address ?? "", each.answer ?? ""],
  ]);
}

const stateOf = ({ state, task }: InstanceStatus) => (task === undefined ? state : `${state} (${task})`);

function notesOf({ student, stack, because, instances, drift, orphans, madeByHand }: StudentStatus): string[] {
  const notes = [
    ...(stack === "not made" ? [] : because),
    ...instances.flatMap(({ instance, fault }) => (fault === undefined ? [] : [`${instance} is in error: ${fault}`])),
    ...drift.map(({ object, how }) => `${object} ${how}`),
    ...orphans.map((object) => `${object} is in the cloud, but not in the state`),
    ...(madeByHand.length === 0 ? [] : [`${counted(madeByHand.length, "thing")} made by hand in the project`]),
  ];
  return notes.map((note) => `${student}: ${note}`);
}
