import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { UserError } from "../terminal/userError.ts";
import { ApiError, unlessGone } from "./apiError.ts";
import { type SeenObject, UNMANAGED } from "./cloudObject.ts";
import { deletionOf, stillThere } from "./deleteObject.ts";
import { blockersOf } from "./purgeBlockers.ts";
import { nothing, type Session } from "./session.ts";

export interface PurgeEvent {
  object: SeenObject;
  outcome: "deleting" | "gone" | "failed";
  /** With `failed`: why, and what is in the way. */
  reason?: string;
}

export interface PurgeResult {
  gone: SeenObject[];
  failed: { object: SeenObject; reason: string }[];
}

export interface PurgeOptions {
  /** How long each object may take, be it to go or until nothing holds it any more. @default 180 */
  timeoutSeconds?: number;
  /** Seconds between two tries or looks. @default 1 */
  pauseSeconds?: number;
  /** Whether nothing more shall be deleted, or waited for. @default never */
  isOver?: () => boolean;
}

/** Those of one line do not need each other; each line needs that the ones above are gone. */
const ORDER: readonly (readonly string[])[] = [
  ["openstack:networking/floatingIp:FloatingIp", "openstack:vpnaas/siteConnection:SiteConnection"],
  ["openstack:compute/instance:Instance", "openstack:vpnaas/service:Service", "openstack:firewall/groupV2:GroupV2"],
  [UNMANAGED.snapshot, UNMANAGED.backup, "openstack:loadbalancer/loadBalancer:LoadBalancer"],
  [
    ...["openstack:blockstorage/volume:Volume", "openstack:images/image:Image"],
    ...["openstack:loadbalancer/l7PolicyV2:L7PolicyV2", "openstack:loadbalancer/monitor:Monitor"],
    "openstack:loadbalancer/member:Member",
  ],
  ["openstack:loadbalancer/listener:Listener", "openstack:firewall/policyV2:PolicyV2"],
  ["openstack:loadbalancer/pool:Pool", "openstack:firewall/ruleV2:RuleV2"],
  [
    ...["openstack:vpnaas/endpointGroup:EndpointGroup", "openstack:vpnaas/ikePolicy:IkePolicy"],
    ...["openstack:vpnaas/ipSecPolicy:IpSecPolicy", "openstack:networking/trunk:Trunk"],
    "openstack:networking/routerInterface:RouterInterface",
  ],
  ["openstack:networking/router:Router", "openstack:networking/port:Port"],
  ["openstack:networking/subnet:Subnet", "openstack:networking/secGroupRule:SecGroupRule"],
  ["openstack:networking/network:Network", "openstack:networking/secGroup:SecGroup"],
  [
    ...["openstack:networking/subnetPool:SubnetPool", UNMANAGED.addressGroup, "openstack:compute/keypair:Keypair"],
    ...["openstack:compute/serverGroup:ServerGroup", "openstack:objectstorage/containerObject:ContainerObject"],
  ],
  [
    ...["openstack:objectstorage/container:Container", "openstack:compute/flavor:Flavor"],
    "openstack:compute/aggregateV2:AggregateV2",
  ],
  ["openstack:identity/user:User", "openstack:identity/groupV3:GroupV3"],
  ["openstack:identity/project:Project"],
];

/** So many at once: a cloud under load answers nobody sooner. */
const AT_ONCE = 4;
/** In use by something that may be about to go, or a service under load. */
const TRY_AGAIN = [409, 429, 500, 502, 503, 504];
/** Once something else could not be deleted, that is most likely what holds the rest, too. */
const PATIENCE_AFTER_FAILURE = 20;

/**
 * Deletes objects in an order in which the cloud lets them go, and nothing else; what is {@link SeenObject.automatic} goes with its
 * owner and is left out. What is gone already is fine. One that cannot be deleted does not stop the others.
 *
 * @param report told of every object
 */
export async function purge(
  session: Session,
  objects: readonly SeenObject[],
  report: (event: PurgeEvent) => void = () => undefined,
  options: PurgeOptions = {},
): Promise<PurgeResult> {
  const result: PurgeResult = { gone: [], failed: [] };
  const limit = pLimit(AT_ONCE);
  const listed = objects.filter(({ automatic }) => !automatic);
  await clearRoutes(session, listed, options);
  const known = new Set(ORDER.flat());
  const rounds = [...ORDER, [...new Set(listed.map(({ type }) => type))].filter((type) => !known.has(type))];
  for (const types of rounds)
    await limit.map(
      listed.filter(({ type }) => types.includes(type)),
      async (object) => {
        report({ object, outcome: "deleting" });
        const reason = await deleteOne(session, object, options, result.failed.length > 0);
        if (reason === undefined) result.gone.push(object);
        else result.failed.push({ object, reason });
        report({ object, ...(reason === undefined ? { outcome: "gone" } : { outcome: "failed", reason }) });
      },
    );
  return result;
}

/** An interface that a static route leads over cannot be taken off its router. */
async function clearRoutes(
  session: Session,
  objects: readonly SeenObject[],
  { isOver = () => false }: PurgeOptions,
): Promise<void> {
  for (const { type, id } of objects)
    if (type === "openstack:networking/router:Router" && !isOver())
      await ignoringErrors(
        session.request("network", "PUT", `/v2.0/routers/${id}`, nothing, { body: { router: { routes: [] } } }),
      );
}

/** What it was for fails by itself then, and says why. */
async function ignoringErrors(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

/** @returns why the object is still there; undefined when it is gone */
async function deleteOne(
  session: Session,
  object: SeenObject,
  { timeoutSeconds = 180, pauseSeconds = 1, isOver = () => false }: PurgeOptions,
  othersFailed: boolean,
): Promise<string | undefined> {
  const deletion = deletionOf(object);
  if (deletion === undefined) return `a ${object.type} cannot be deleted here; use the openstack client`;
  const start = Date.now();
  const patience = othersFailed ? Math.min(timeoutSeconds, PATIENCE_AFTER_FAILURE) : timeoutSeconds;
  let asked = false;
  let problem: string;
  for (;;) {
    if (isOver()) return "interrupted";
    try {
      if (!asked) {
        await unlessGone(deletion.run(session));
        asked = true;
      }
      const left = await stillThere(session, deletion);
      if (left === undefined) return undefined;
      problem = `is still ${[left.status, left.fault].filter((text) => text !== "").join(": ") || "there"}`;
      // A deletion that failed can be asked for again.
      if (/error/i.test(left.status)) asked = false;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (error instanceof ApiError && !isPassing(error, object)) return error.message;
      problem = error.message;
    }
    if (Date.now() >= start + (asked ? timeoutSeconds : patience) * 1000) break;
    await sleep(pauseSeconds * 1000);
  }
  const blockers = await ifKnown(blockersOf(session, object));
  return [`${problem} (tried for ${Math.round((Date.now() - start) / 1000)} s)`, ...blockers].join("; ");
}

function isPassing({ status }: ApiError, { service }: SeenObject): boolean {
  // Cinder says 400 where others say 409.
  return TRY_AGAIN.includes(status) || (service === "volume" && status === 400);
}

/** Whatever goes wrong while the reason is looked for must not hide the problem itself. */
async function ifKnown(blockers: Promise<string | undefined>): Promise<string[]> {
  try {
    return [(await blockers) ?? []].flat();
  } catch {
    return [];
  }
}
