import type { Problem } from "../lab/problem.ts";

// Without Pulumi's SDK, which takes half a second to load: whoever checks a lab needs none of it.

/** TCP and UDP have 16 bits for a port, and 0 is none: https://www.rfc-editor.org/rfc/rfc6335#section-6 */
export const HIGHEST_PORT = 65_535;

/** An argument that is a port, by its name. */
interface NamedPort {
  path: string;
  port: number | undefined;
}

/** What is wrong with a port. */
export function portProblems(path: string, port: number): Problem[] {
  return Number.isInteger(port) && port >= 1 && port <= HIGHEST_PORT
    ? []
    : [{ path, reason: `${port} is not a port; choose one from 1 to ${HIGHEST_PORT}` }];
}

/** What is wrong with the ports of a rule: none, one, or the first and last of a range. Each argument hears of its own mistakes. */
export function portRangeProblems(protocol: string, first: NamedPort, last: NamedPort): Problem[] {
  if (protocol !== "tcp" && protocol !== "udp")
    return [first, last]
      .filter(({ port }) => port !== undefined)
      .map(({ path }) => ({ path, reason: `${protocol} has no ports; leave it out, or choose tcp or udp` }));
  if (first.port === undefined)
    return last.port === undefined ? [] : [{ path: last.path, reason: `needs a first port; set ${first.path} too` }];
  if (last.port === undefined) return portProblems(first.path, first.port);
  const problems = [...portProblems(first.path, first.port), ...portProblems(last.path, last.port)];
  return problems.length === 0 && last.port < first.port
    ? [{ path: last.path, reason: `${last.port} comes before the first port ${first.port}; exchange them` }]
    : problems;
}
