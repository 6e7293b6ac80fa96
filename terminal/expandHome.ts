import { homedir } from "node:os";

/** A path as the shell would read it: a leading `~/` is the user's home folder. */
export function expandHome(path: string): string {
  return path.replace(/^~(?=\/)/, homedir());
}
