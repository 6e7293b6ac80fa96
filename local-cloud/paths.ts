import { homedir } from "node:os";
import { join } from "node:path";
import { apiOnly, isRoot } from "./cloudKind.ts";

/** Name of the network namespace that holds the whole local cloud, as `ip netns` shows it; Neutron's and Nova's name for the host. */
export const namespace = "classroom";

export const apiOnlyHome = process.env["CLASSROOM_API_ONLY_HOME"] ?? join(dataFolder(), "openstack-classroom-api-only");
/** Everything the cloud keeps; for the account that it runs under alone. */
export const home = apiOnly ? apiOnlyHome : (process.env["CLASSROOM_CLOUD_HOME"] ?? "/var/lib/openstack-classroom");
/** Written anew by every `up`. */
export const etc = join(home, "etc");
/** Databases, images, disks, sockets. */
export const state = join(home, "state");
/** Of relays and the database. */
export const sockets = join(state, "sockets");
/** One file per program. */
export const logs = join(home, "logs");
/** What is dear to fetch or build again (guest images, guests' packages): survives `remove`, unless told otherwise. */
export const cache =
  process.env["CLASSROOM_CACHE"] ??
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "openstack-classroom");

/** https://specifications.freedesktop.org/basedir-spec/latest/ */
function dataFolder(): string {
  return isRoot ? "/var/lib" : (process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local/share"));
}
