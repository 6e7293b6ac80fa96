import { z } from "zod";
import { UserError } from "../terminal/userError.ts";
import { unlessGone } from "./apiError.ts";
import { poll } from "./poll.ts";
import { nothing, type Session } from "./session.ts";

/** Volume and name together say which snapshot is meant. */
export interface SnapshotKey {
  volumeId: string;
  name: string;
}

export interface VolumeSnapshotOptions extends SnapshotKey {
  /** @default "" */
  description?: string;
  /** Whether a volume in use may be snapshotted. @default true */
  force?: boolean;
  /** @default {} */
  metadata?: Record<string, string>;
  /** @default 600 */
  timeoutSeconds?: number;
}

export interface VolumeSnapshot extends SnapshotKey {
  id: string;
  /** https://docs.openstack.org/api-ref/block-storage/v3/#volume-snapshots-snapshots */
  status: string;
  description: string;
  metadata: Record<string, string>;
}

const snapshotSchema = z
  .object({
    id: z.string(),
    name: z.string().nullish(),
    status: z.string(),
    volume_id: z.string(),
    description: z.string().nullish(),
    metadata: z.record(z.string(), z.string()).default({}),
  })
  .transform(({ volume_id, name, description, ...rest }): VolumeSnapshot => ({
    ...rest,
    volumeId: volume_id,
    name: name ?? "",
    description: description ?? "",
  }));

/** The snapshots of a volume with a name: usually one or none, but Cinder allows more. */
export async function findVolumeSnapshots(
  session: Session,
  { volumeId, name }: SnapshotKey,
): Promise<VolumeSnapshot[]> {
  const query = new URLSearchParams({ volume_id: volumeId, name });
  const schema = z.object({ snapshots: z.array(snapshotSchema) });
  const { snapshots } = await session.request("volume", "GET", `/snapshots/detail?${query.toString()}`, schema);
  // Not every Cinder filters by both.
  return snapshots.filter((snapshot) => snapshot.volumeId === volumeId && snapshot.name === name);
}

/**
 * Makes a snapshot and waits until it is available. One of the same name and volume that is there already is taken over, with the
 * description and metadata asked for; one that failed is deleted first.
 *
 * @returns id of the snapshot
 */
export async function createVolumeSnapshot(session: Session, options: VolumeSnapshotOptions): Promise<string> {
  const { volumeId, name, description = "", force = true, metadata = {}, timeoutSeconds = 600 } = options;
  const present = await findVolumeSnapshots(session, options);
  const usable = present.find(({ status }) => status === "available" || status === "creating");
  if (usable !== undefined) {
    const ready = await waitUntilAvailable(session, usable.id, timeoutSeconds);
    await describeSnapshot(session, ready, description, metadata);
    return ready.id;
  }
  await deleteAll(session, present, timeoutSeconds);
  const { snapshot } = await session.request("volume", "POST", "/snapshots", z.object({ snapshot: snapshotSchema }), {
    body: { snapshot: { volume_id: volumeId, name, description, force, metadata } },
  });
  return (await waitUntilAvailable(session, snapshot.id, timeoutSeconds)).id;
}

/** Deletes what {@link findVolumeSnapshots} finds and waits until it is gone; fine when there is nothing. */
export async function deleteVolumeSnapshot(session: Session, key: SnapshotKey, timeoutSeconds = 600): Promise<void> {
  await deleteAll(session, await findVolumeSnapshots(session, key), timeoutSeconds);
}

async function describeSnapshot(
  session: Session,
  snapshot: VolumeSnapshot,
  description: string,
  metadata: Record<string, string>,
): Promise<void> {
  const path = `/snapshots/${snapshot.id}`;
  if (snapshot.description !== description)
    await session.request("volume", "PUT", path, nothing, { body: { snapshot: { description } } });
  if (!sameEntries(snapshot.metadata, metadata))
    await session.request("volume", "PUT", `${path}/metadata`, nothing, { body: { metadata } });
}

function sameEntries(one: Record<string, string>, other: Record<string, string>): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}

function waitUntilAvailable(session: Session, id: string, timeoutSeconds: number): Promise<VolumeSnapshot> {
  return poll(
    async () => {
      const snapshot = await readSnapshot(session, id);
      if (snapshot === undefined || snapshot.status.startsWith("error") || snapshot.status === "deleting")
        throw new UserError(
          `the snapshot ${id} is ${snapshot?.status ?? "gone"}; the volume service's log says why, often its store is full`,
          1,
        );
      return snapshot.status === "available" ? snapshot : undefined;
    },
    { what: `the snapshot ${id} is not available`, timeoutSeconds },
  );
}

async function deleteAll(
  session: Session,
  snapshots: readonly VolumeSnapshot[],
  timeoutSeconds: number,
): Promise<void> {
  for (const { id, status } of snapshots) {
    if (status !== "deleting") await unlessGone(session.request("volume", "DELETE", `/snapshots/${id}`, nothing));
    await poll(
      async () => {
        const snapshot = await readSnapshot(session, id);
        if (snapshot?.status === "error_deleting")
          throw new UserError(`the snapshot ${id} cannot be deleted; is a volume being made from it?`, 1);
        return snapshot === undefined ? true : undefined;
      },
      { what: `the snapshot ${id} is not gone`, timeoutSeconds },
    );
  }
}

async function readSnapshot(session: Session, id: string): Promise<VolumeSnapshot | undefined> {
  const schema = z.object({ snapshot: snapshotSchema });
  return (await unlessGone(session.request("volume", "GET", `/snapshots/${id}`, schema)))?.snapshot;
}
