import { isRoot } from "../cloudKind.ts";

/** Debian's paste configuration of a service; of what lies in /etc anybody but root may read only the copy. */
export function pasteFile(service: string, name: string): string {
  return isRoot ? `/etc/${service}/${name}` : `/usr/share/${service}-common/${name}`;
}
