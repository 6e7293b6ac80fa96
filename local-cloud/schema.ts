import type { Secrets } from "./secrets.ts";

/** A set of databases with the commands that fill them. */
export interface Schema {
  /** Unique among all. */
  name: string;
  /** MariaDB's user, to whom the databases belong. */
  owner: keyof Secrets["databases"];
  /** Made empty before the first upgrade; none for tables beside somebody else's. */
  databases: readonly string[];
  /** Where the commands come from: another version of it, and the tables are brought up to that. */
  from: { debianPackage: string } | { version: string };
  /** Brings the tables up to the installed version; harmless when they are. */
  upgrade: readonly SchemaCommand[];
  /** Once, after the first upgrade. */
  begin?: readonly SchemaCommand[];
}

export type SchemaCommand = readonly [file: string, args: readonly string[], environment?: Record<string, string>];
