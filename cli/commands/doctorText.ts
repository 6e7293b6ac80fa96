import { counted } from "../command-line/table.ts";
import type { Diagnosis } from "./doctor.ts";

/** Each finding in three lines: what, what was seen, what mends it. */
export function doctorText({ course, findings, inWork, notSeen, notes }: Diagnosis): string {
  const lines = findings.map(({ who, what, evidence, mend }) =>
    [`${who}: ${what}`, `  seen: ${indented(evidence)}`, `  mend: ${mend}`].join("\n"),
  );
  const noted = notes.map(({ what, evidence, mend }) =>
    [`note: ${what}`, `  seen: ${evidence}`, `  mend: ${mend}`].join("\n"),
  );
  const others = [
    ...inWork.map((each) => `At work, so not looked at: ${each}`),
    ...notSeen.map((each) => `Could not be looked at: ${each}`),
  ];
  const name = course === "" ? "" : `${course}: `;
  return [
    ...lines,
    ...noted,
    ...(others.length === 0 ? [] : [others.join("\n")]),
    findings.length === 0
      ? `${name}nothing is wrong.`
      : `${name}${counted(findings.length, "finding")}; nothing was changed.`,
  ].join("\n\n");
}

/** More lines of one thing stand below its first. */
const indented = (text: string) => text.trim().split("\n").join("\n        ");
