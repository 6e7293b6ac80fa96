import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../engine/wholeFiles.ts";
import type { LoadedCourse } from "../../stacks/courseFolder.ts";

/** A host key of one instance. It holds for this very instance: one that takes its place has others. */
export interface KnownHost {
  hostKeyAlias: string;
  /** `type base64` */
  key: string;
  instanceId: string;
}

/** known_hosts of a course; OpenSSH reads it, and takes the instance's id for a comment. */
export const knownHostsFile = ({ hidden }: Pick<LoadedCourse, "hidden">): string => join(hidden, "known_hosts");

export function parseKnownHosts(text: string): KnownHost[] {
  return text.split("\n").flatMap((line) => {
    const [hostKeyAlias, type, base64, instanceId, ...more] = line.trim().split(" ");
    return hostKeyAlias === undefined || type === undefined || base64 === undefined || instanceId === undefined
      ? []
      : more.length > 0 || hostKeyAlias.startsWith("#")
        ? []
        : [{ hostKeyAlias, key: `${type} ${base64}`, instanceId }];
  });
}

export function knownHostsText(known: readonly KnownHost[]): string {
  return known.map(({ hostKeyAlias, key, instanceId }) => `${hostKeyAlias} ${key} ${instanceId}\n`).join("");
}

/** What a console log showed of an instance; no keys when it showed none. */
export interface Shown {
  hostKeyAlias: string;
  instanceId: string;
  keys: readonly string[];
}

/**
 * What is known after a look: the keys that an instance shows hold instead of those before. Where it shows none, as after a restart with a
 * new log, what was learnt of this very instance still holds; what was learnt of another one at its place does not.
 */
export function learnt(known: readonly KnownHost[], shown: readonly Shown[]): KnownHost[] {
  const looks = new Map(shown.map((look) => [look.hostKeyAlias, look]));
  return [
    ...known.filter(({ hostKeyAlias, instanceId }) => {
      const look = looks.get(hostKeyAlias);
      return look === undefined || (look.keys.length === 0 && look.instanceId === instanceId);
    }),
    ...shown.flatMap(({ hostKeyAlias, instanceId, keys }) => keys.map((key) => ({ hostKeyAlias, key, instanceId }))),
  ];
}

/** Takes what console logs showed into the file. @returns what is known then */
export function keepHostKeys(file: string, shown: readonly Shown[]): KnownHost[] {
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const known = learnt(parseKnownHosts(before), shown);
  const text = knownHostsText(known);
  if (text !== before) writeWhole(file, text);
  return known;
}
