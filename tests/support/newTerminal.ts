/** Variables that name another course, cloud or place for state, or its credentials. */
export const OF_OTHERS = /^(PULUMI_|OS_|AWS_|PG[A-Z]|CLASSROOM_(COURSE|PASSWORD|CLOUD$))/;

/** What a terminal begins with, where whoever runs the tests has chosen nothing. */
export function newTerminal(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || OF_OTHERS.test(name) ? [] : [[name, value] as const],
    ),
  );
}
