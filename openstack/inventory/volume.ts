import { z } from "zod";
import { type SeenObject, UNMANAGED } from "../cloudObject.ts";
import { ifVisible } from "../visible.ts";
import { listAll } from "./listAll.ts";
import { inProjects, type Scope } from "./scope.ts";

/** The first with which Cinder says whose a backup is: https://docs.openstack.org/cinder/latest/contributor/api_microversion_history.html */
const BACKUPS_OF_PROJECTS = "3.18";

const commonShape = z.object({
  id: z.string(),
  name: z.string().nullish(),
  status: z.string(),
  created_at: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});

function seen(type: string, item: z.infer<typeof commonShape>, projectId: string | null | undefined): SeenObject {
  const { id, name, status, created_at, metadata } = item;
  return {
    service: "volume",
    type,
    ...{ id, name: name ?? "", tags: metadata ?? {}, automatic: false, status },
    ...(created_at == null ? {} : { createdAt: created_at }),
    ...(projectId == null ? {} : { projectId }),
  };
}

const volumeSchema = commonShape
  .extend({ "os-vol-tenant-attr:tenant_id": z.string().nullish() })
  .transform((item) => seen("openstack:blockstorage/volume:Volume", item, item["os-vol-tenant-attr:tenant_id"]));

const snapshotSchema = commonShape
  .extend({ volume_id: z.string(), "os-extended-snapshot-attributes:project_id": z.string().nullish() })
  .transform((item) => ({
    ...seen(UNMANAGED.snapshot, item, item["os-extended-snapshot-attributes:project_id"]),
    partOf: item.volume_id,
  }));

const backupSchema = commonShape
  .extend({ volume_id: z.string(), "os-backup-project-attr:project_id": z.string().nullish() })
  .transform((item) => ({
    ...seen(UNMANAGED.backup, item, item["os-backup-project-attr:project_id"]),
    partOf: item.volume_id,
  }));

/** @param ownVolumes by volume, the instance that Nova made it for and deletes it with */
export async function listVolumeObjects(scope: Scope, ownVolumes: ReadonlyMap<string, string>): Promise<SeenObject[]> {
  const list = (path: string, key: string, item: z.ZodType<SeenObject>, microversion?: string) =>
    inProjects(scope, key, (query) =>
      listAll(scope.session, {
        service: "volume",
        path: `${path}/detail?${query}`,
        ...{ key, item },
        ...(microversion === undefined ? {} : { microversion }),
      }),
    );
  const [volumes, snapshots, backups] = await Promise.all([
    list("/volumes", "volumes", volumeSchema),
    list("/snapshots", "snapshots", snapshotSchema),
    // A cloud without a backup service still lists none, or does not know the path.
    ifVisible(list("/backups", "backups", backupSchema, BACKUPS_OF_PROJECTS)),
  ]);
  const marked = volumes.map((volume) => {
    const instanceId = ownVolumes.get(volume.id);
    return instanceId === undefined ? volume : { ...volume, automatic: true, partOf: instanceId };
  });
  return [...marked, ...snapshots, ...(backups ?? [])];
}
