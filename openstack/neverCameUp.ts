import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import { unlessGone } from "./apiError.ts";
import type { SeenObject } from "./cloudObject.ts";
import type { Session } from "./session.ts";
import { deleteStuckInstances } from "./stuckInstances.ts";

/** As long as the components let an instance take to come up, when nothing else is said. */
export const BUILD_SECONDS = 15 * 60;

/** Nova says when an instance first ran, and never takes that back, whatever becomes of it: https://docs.openstack.org/api-ref/compute/#show-server-details */
const LAUNCHED = "OS-SRV-USG:launched_at";

const serverSchema = z.object({
  server: z.object({
    ...{ id: z.string(), name: z.string(), status: z.string(), created: z.iso.datetime({ offset: true }) },
    [LAUNCHED]: z.string().nullish(),
  }),
});
type Server = z.output<typeof serverSchema>["server"];

export interface WaitOptions {
  /** From the moment on that the instance was asked for, or that it was first looked at, if that was sooner. @default 900 */
  buildSeconds?: number;
  /** Whether whoever waits shall wait no longer. @default never */
  isOver?: () => boolean;
  /** Told whom it waits for. */
  report?: (line: string) => void;
  /** Deletes nothing: who would be deleted is told as if it were gone. @default false */
  spares?: boolean;
}

/**
 * Waits for those of these instances that are still being built, and deletes those that never came up: that are in error, or were built for
 * too long. Nothing is lost with them, and neither Nova nor the provider would ever bring them up. One that ever ran is left alone.
 *
 * @returns the ids of those that are gone now, or were before; undefined when it was over before all had come up
 * @throws {UserError} when one cannot be deleted
 */
export async function deleteWhatNeverCameUp(
  session: Session,
  instanceIds: readonly string[],
  { buildSeconds = BUILD_SECONDS, isOver = () => false, report = () => undefined, spares = false }: WaitOptions = {},
): Promise<string[] | undefined> {
  const began = Date.now();
  const isBuilding = ({ status, created }: Server) =>
    status === "BUILD" && Date.now() < Math.min(began, Date.parse(created)) + buildSeconds * 1000;
  let servers: (Server | undefined)[];
  let said = "";
  for (;;) {
    servers = await Promise.all(instanceIds.map((id) => look(session, id)));
    const building = servers.find((server) => server !== undefined && neverRan(server) && isBuilding(server));
    if (building === undefined) break;
    if (isOver()) return undefined;
    if (said !== building.name) report(`waiting for ${building.name}, which is still being built`);
    said = building.name;
    await sleep(1000);
  }
  const failed = servers.filter((server) => server !== undefined).filter(neverRan);
  const { failed: left } = await deleteStuckInstances(session, spares ? [] : failed.map(seen));
  if (left.length > 0)
    throw new UserError(
      left
        .map(({ object, reason }) => `instance ${object.name} never came up, and could not be deleted: ${reason}`)
        .join("\n"),
      1,
    );
  return instanceIds.filter((id, index) => servers[index] === undefined || failed.some((each) => each.id === id));
}

async function look(session: Session, id: string): Promise<Server | undefined> {
  return (await unlessGone(session.request("compute", "GET", `/servers/${id}`, serverSchema)))?.server;
}

function neverRan({ status, [LAUNCHED]: launched }: Server): boolean {
  return (status === "ERROR" || status === "BUILD") && (launched ?? "") === "";
}

function seen({ id, name, status }: Server): SeenObject {
  const type = "openstack:compute/instance:Instance";
  return { service: "compute", type, id, name, status, tags: {}, automatic: false };
}
