import pLimit from "p-limit";
import { consoleLog } from "../../openstack/consoleLog.ts";
import { hostKeys } from "../../openstack/hostKeys.ts";
import type { Session } from "../../openstack/session.ts";
import { UserError } from "../../terminal/userError.ts";
import { keepHostKeys } from "./knownHosts.ts";
import type { SshHost } from "./sshHosts.ts";

/** A console log is up to 128 KiB, which Nova fetches from the host. */
const LOGS_AT_ONCE = 8;

/** How it is known whom one speaks to: never by asking the machine itself, but by what it wrote to its console, which the cloud hands out. */
export interface HostKeyLook {
  host: SshHost;
  /** Whether a key of this very instance is known now. */
  known: boolean;
  /** Why its console log could not be read, or that it shows no key; undefined when it does. */
  problem: string | undefined;
}

/** Takes the keys that the hosts' console logs show into the course's known_hosts. */
export async function learnHostKeys(
  session: Session,
  hosts: readonly SshHost[],
  knownHostsFile: string,
): Promise<HostKeyLook[]> {
  const limit = pLimit(LOGS_AT_ONCE);
  const looks = await limit.map(hosts, async (host) => ({ host, ...(await look(session, host)) }));
  const known = keepHostKeys(
    knownHostsFile,
    looks.map(({ host: { hostKeyAlias, instanceId }, keys }) => ({ hostKeyAlias, instanceId, keys })),
  );
  return looks.map(({ host, problem }) => ({
    ...{ host, problem },
    known: known.some(
      ({ hostKeyAlias, instanceId }) => hostKeyAlias === host.hostKeyAlias && instanceId === host.instanceId,
    ),
  }));
}

async function look(
  session: Session,
  { instanceId }: SshHost,
): Promise<{ keys: string[]; problem: string | undefined }> {
  try {
    const keys = hostKeys(await consoleLog(session, instanceId));
    return { keys, problem: keys.length === 0 ? "its console log shows no host key (yet)" : undefined };
  } catch (error) {
    if (error instanceof UserError) return { keys: [], problem: error.message };
    throw error;
  }
}
