import { columns, counted } from "../command-line/table.ts";
import type { StudentOutcome } from "./applyStudents.ts";

/** What everybody has now, and whose failed and why. */
export function studentsTable(outcomes: readonly StudentOutcome[]): string {
  const rows = outcomes.flatMap(({ student, name, ok, changed, instances }) => {
    const state = ok ? (changed ? "done" : "unchanged") : "failed";
    const entries = Object.entries(instances);
    if (entries.length === 0) return [[student, name, state, "", "", ""]];
    return entries.map(([instance, { floatingIp, fixedIp, url, sshCommand }]) => [
      ...[student, name, state, instance],
      floatingIp ?? fixedIp,
      url ?? sshCommand ?? "",
    ]);
  });
  const failed = outcomes.filter(({ ok }) => !ok);
  return [
    columns(["student", "name", "state", "instance", "address", "page or ssh"], rows),
    ...failed.map(({ student, errors }) => `\n${student} failed:\n${errors.map((each) => `  ${each}`).join("\n")}`),
    failed.length === 0
      ? `\n${counted(outcomes.length, "student")}: all as the course says.`
      : `\n${counted(outcomes.length - failed.length, "student")} as the course says, ${failed.length} failed; run the same command again to go on with those.`,
  ].join("\n");
}
