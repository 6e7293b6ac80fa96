import { createHash } from "node:crypto";
import type { Folders } from "./folders.ts";
import { goBuilds } from "./goBuilds.ts";
import type { Versions } from "./versions.ts";

/**
 * Stands for everything that an installation depends on – versions, Go sources, options – apart from what the network and
 * the PATH offer that day.
 */
export async function requestOf(folders: Folders, versions: Versions, { stock }: { stock: boolean }): Promise<string> {
  const files = (await goBuilds(folders, versions, !stock)).map(({ file }) => file);
  return createHash("sha256")
    .update(JSON.stringify([versions, stock, files]))
    .digest("hex");
}
