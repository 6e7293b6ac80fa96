/** A file of configuration, written before its program starts. */
export interface ConfigFile {
  /** absolute */
  path: string;
  text: string;
  /** @default 0o600, because most hold a password */
  mode?: number;
}

/** A daemon kept running by one of our two supervisors. */
export interface Program {
  /** Unique among all programs; also the name of its log file, `<logs>/<name>.log`. */
  name: string;
  /** Command line with absolute paths, in the foreground; split into words like a shell does (see `quote`), but not run by one. */
  command: string;
  /** "inside": in the cloud's namespaces. "host": beside the cloud, with the host's network. */
  where: "inside" | "host";
  /** The optional service it belongs to, if any. */
  service?: string;
  /** Added to a small fixed environment; readable by root alone. Not for passwords: those belong in a file of mode 0600. */
  environment?: Record<string, string>;
  /** The TCP port that answers when the program is ready, if it has one. */
  port?: number;
  /** Its own configuration: written before it starts, and a change restarts it at the next `up`. */
  configFiles?: ConfigFile[];
  /** Further settings of supervisor's [program:x] section, for example { stopwaitsecs: "30" }. */
  supervisor?: Record<string, string>;
}

/** One word of a command line. */
export function quote(word: string): string {
  if (/[\n"\\]/.test(word)) throw new Error(`cannot be part of a supervised command: ${JSON.stringify(word)}`);
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `"${word}"`;
}
