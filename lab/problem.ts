/** One thing wrong with what the user wrote. */
export interface Problem {
  /** Where: a config key or argument, e.g. `instances.web1.flavor`. */
  path: string;
  /** The value, the rule it breaks and the fix. */
  reason: string;
}

/** Puts the problems of a part under the path of the whole. */
export function under(parent: string, problems: readonly Problem[]): Problem[] {
  return problems.map(({ path, reason }) => ({ path: path === "" ? parent : `${parent}.${path}`, reason }));
}

/** A heading and one line for each problem. */
export function problemText(subject: string, problems: readonly Problem[]): string {
  return [`${subject}:`, ...problems.map(({ path, reason }) => `  ${path}: ${reason}`)].join("\n");
}
