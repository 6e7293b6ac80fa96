import { delimiter, dirname } from "node:path";
import type { Folders } from "./folders.ts";
import type { InstallationRecord } from "./record.ts";

/** The folders that have to come first on the PATH: Pulumi's, and that of the Node that runs us. */
export function pathFolders(record: InstallationRecord): string[] {
  return [record.binFolder, dirname(process.execPath)];
}

/** What Pulumi must find in its environment, apart from the PATH. Backend and passphrase are the stack's business. */
export function pulumiVariables(folders: Folders, record: InstallationRecord): Record<string, string> {
  return {
    // Our own: no plugins of other versions, and no login that would send the state elsewhere.
    PULUMI_HOME: folders.home,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The plugins in PULUMI_HOME, whatever else the PATH may have.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    // Where nothing can be downloaded, a missing plugin should be an error at once and not after a minute.
    ...(record.mayFetchPlugins ? {} : { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
  };
}

/** The whole environment as one object, with the PATH complete. */
export function environmentObject(folders: Folders, record: InstallationRecord): Record<string, string> {
  const first = pathFolders(record);
  const rest = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && !first.includes(folder));
  return { PATH: [...first, ...rest].join(delimiter), ...pulumiVariables(folders, record) };
}

/** Lines for `eval` in a POSIX shell. Its own PATH is kept behind ours. */
export function environmentScript(folders: Folders, record: InstallationRecord): string {
  const path = pathFolders(record).map(quoted).join(delimiter);
  const variables = Object.entries(pulumiVariables(folders, record));
  return [
    `export PATH=${path}${delimiter}"$PATH"`,
    ...variables.map(([name, value]) => `export ${name}=${quoted(value)}`),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** In single quotes, where the shell leaves every character alone. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
