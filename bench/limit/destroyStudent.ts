import { setTimeout as sleep } from "node:timers/promises";
import { unlessGone } from "../../openstack/apiError.ts";
import { type Cloud, KEY_PAIRS_OF_USERS, type Login } from "./cloud.ts";
import type { MadeStudent } from "./state.ts";

const POLL_MILLISECONDS = 1000;

/**
 * Deletes everything of one student, also what the cloud made for the project by itself; subnet and rules go with network and group.
 *
 * @param defaultGroups Neutron's group `default` of each project
 */
export async function destroyStudent(
  cloud: Cloud,
  index: number,
  made: Partial<MadeStudent>,
  defaultGroups: ReadonlyMap<string, string>,
): Promise<void> {
  const admin = cloud.administrator(index);
  const { projectId = "", userId, networkId, subnetId, routerId, groupId, portId, floatingIpId } = made;
  const drop = (path: string, id: string | undefined) =>
    id === undefined ? undefined : unlessGone(admin.delete("network", `/v2.0/${path}/${id}`));

  const parted = (async () => {
    await drop("floatingips", floatingIpId);
    if (routerId === undefined) return;
    if (subnetId !== undefined)
      await unlessGone(
        admin.put("network", `/v2.0/routers/${routerId}/remove_router_interface`, { subnet_id: subnetId }),
      );
  })();
  const unplugged = deleteServer(admin, made).then(() => drop("ports", portId));
  await Promise.all([
    parted.then(() => drop("routers", routerId)),
    unplugged.then(() => drop("security-groups", groupId)),
    Promise.all([parted, unplugged]).then(() => drop("networks", networkId)),
    userId === undefined ? undefined : deleteUser(admin, userId),
  ]);
  await Promise.all([
    // Neutron makes it anew when it is asked for anything of the project.
    drop("security-groups", defaultGroups.get(projectId)),
    drop("quotas", projectId),
    unlessGone(admin.delete("compute", `/os-quota-sets/${projectId}`)),
    unlessGone(admin.delete("identity", `/v3/projects/${projectId}`)),
  ]);
}

async function deleteServer(admin: Login, { serverId }: Partial<MadeStudent>): Promise<void> {
  if (serverId === undefined) return;
  await unlessGone(admin.delete("compute", `/servers/${serverId}`));
  for (;;) {
    await sleep(POLL_MILLISECONDS);
    const there = await unlessGone(admin.get("compute", `/servers/${serverId}`).then(() => true));
    if (there === undefined) return;
  }
}

/** Nova keeps the key pairs of users who are gone. */
async function deleteUser(admin: Login, userId: string): Promise<void> {
  await unlessGone(admin.delete("compute", `/os-keypairs/key?user_id=${userId}`, KEY_PAIRS_OF_USERS));
  await unlessGone(admin.delete("identity", `/v3/users/${userId}`));
}
