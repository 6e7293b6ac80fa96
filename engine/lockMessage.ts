import { stripVTControlCharacters } from "node:util";

/** Who holds a stack, as Pulumi tells it. */
export interface Lock {
  /** Account. */
  owner: string;
  /** Name of the machine. */
  host: string;
  /** Process on that machine. */
  pid: number;
  /** Time of the lock, ISO 8601 in the owner's time zone. */
  since: string;
}

/**
 * Reads what Pulumi says of a stack that is locked, whichever place its state is kept in. Pulumi's own words:
 * https://github.com/pulumi/pulumi/blob/pkg/v3.259.0/pkg/backend/diy/lock.go
 *
 * @param output standard output and error of `pulumi`, in any order
 * @returns every holder; undefined when the stack is not locked, and when a holder cannot be read – a list that lacks one could make
 *   somebody believe that all holders are dead
 */
export function readLockMessage(output: string): Lock[] | undefined {
  const text = stripVTControlCharacters(output).replaceAll("\r\n", "\n");
  const message = /the stack is currently locked by (\d+) lock\(s\)/.exec(text);
  if (message === null) return undefined;
  const locks = text.slice(message.index).split("\n").flatMap(readLock);
  return locks.length === Number(message[1]) ? locks : undefined;
}

/** A line for each: where it is, and who. An account may have an @ in it, a host's name has none. */
function readLock(line: string): Lock[] {
  const [, owner, host, pid, since] = /: created by (.+)@([^@\s]+) \(pid (\d+)\) at (\S+)$/.exec(line) ?? [];
  if (owner === undefined || host === undefined || since === undefined) return [];
  return [{ owner, host, pid: Number(pid), since }];
}
