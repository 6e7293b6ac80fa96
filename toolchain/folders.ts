import { homedir } from "node:os";
import { join } from "node:path";

/** Where the toolchain lives: outside the project, so that several checkouts share it. */
export interface Folders {
  /** Everything below is ours; `toolchain remove` deletes it. */
  root: string;
  /** What is installed: see record.ts. */
  record: string;
  /** `pulumi` and the programs that have to lie beside it, when they were built here. */
  bin: string;
  /** PULUMI_HOME: plugins, and what Pulumi itself keeps. */
  home: string;
  /** One folder per finished build, named after what went into it. */
  built: string;
  /** One folder per unpacked official release. */
  official: string;
  /** Unfinished work; safe to delete when no installation runs. */
  unfinished: string;
  /** One log file per step. */
  logs: string;
  /** Private GOMODCACHE and GOCACHE: gigabytes, deleted when everything is built. */
  goModules: string;
  goBuilds: string;
}

/**
 * The folders below `$CLASSROOM_CACHE`, or else `$XDG_CACHE_HOME/openstack-classroom`, or else `~/.cache/openstack-classroom`.
 *
 * @param name of the folder that all the others are in: who builds other programs than the toolchain's has one of their own
 */
export function toolchainFolders(environment: NodeJS.ProcessEnv = process.env, name = "toolchain"): Folders {
  const cache =
    environment["CLASSROOM_CACHE"] ??
    join(environment["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "openstack-classroom");
  const root = join(cache, name);
  return {
    root,
    record: join(root, "installed.json"),
    bin: join(root, "bin"),
    home: join(root, "home"),
    built: join(root, "built"),
    official: join(root, "official"),
    unfinished: join(root, "unfinished"),
    logs: join(root, "logs"),
    goModules: join(root, "go", "mod"),
    goBuilds: join(root, "go", "build"),
  };
}
