import { z } from "zod";
import { describeObject, type SeenObject } from "./cloudObject.ts";
import { portObject, portSchema } from "./inventory/ports.ts";
import type { Session } from "./session.ts";
import { ifVisible } from "./visible.ts";

/** So many are named; the rest is counted. */
const MOST_NAMED = 5;

/** How Neutron finds the ports that keep a thing from being deleted. */
const PORTS_THAT_HOLD: Record<string, (object: SeenObject) => string> = {
  "openstack:networking/network:Network": ({ id }) => `network_id=${id}`,
  "openstack:networking/subnet:Subnet": ({ id }) => `fixed_ips=${encodeURIComponent(`subnet_id=${id}`)}`,
  "openstack:networking/router:Router": ({ id }) => `device_id=${id}`,
  "openstack:networking/secGroup:SecGroup": ({ id }) => `security_groups=${id}`,
};

/**
 * What keeps an object from being deleted, in words; undefined when nobody can tell. Only reads.
 */
export async function blockersOf(session: Session, object: SeenObject): Promise<string | undefined> {
  const names = await ifVisible(blockerNames(session, object));
  if (names === undefined || names.length === 0) return undefined;
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "";
  return `held by ${names.slice(0, MOST_NAMED).join(", ")}${more}`;
}

async function blockerNames(session: Session, object: SeenObject): Promise<string[]> {
  const query = PORTS_THAT_HOLD[object.type]?.(object);
  if (query !== undefined) {
    const schema = z.object({ ports: z.array(portSchema.transform(portObject)) });
    const { ports } = await session.request("network", "GET", `/v2.0/ports?${query}`, schema);
    // Neutron takes its own DHCP ports away by itself.
    return ports.filter(({ port }) => port?.deviceOwner !== "network:dhcp").map(portInWords);
  }
  if (object.type === "openstack:networking/routerInterface:RouterInterface") {
    const schema = z.object({ floatingips: z.array(z.object({ floating_ip_address: z.string() })) });
    const path = `/v2.0/floatingips?router_id=${object.port?.deviceId ?? object.partOf ?? ""}`;
    const { floatingips } = await session.request("network", "GET", path, schema);
    return floatingips.map(({ floating_ip_address }) => `floating IP ${floating_ip_address}`);
  }
  return object.type === "openstack:blockstorage/volume:Volume" ? volumeBlockers(session, object.id) : [];
}

function portInWords(port: SeenObject): string {
  const { deviceOwner = "", deviceId = "" } = port.port ?? {};
  const user = deviceOwner === "" ? "used by nothing" : `of ${deviceOwner} ${deviceId}`.trim();
  return `${describeObject(port)} ${user}${port.projectId === undefined ? "" : `, project ${port.projectId}`}`;
}

async function volumeBlockers(session: Session, id: string): Promise<string[]> {
  const snapshotsSchema = z.object({ snapshots: z.array(z.object({ id: z.string(), name: z.string().nullish() })) });
  const volumeSchema = z.object({ volume: z.object({ attachments: z.array(z.object({ server_id: z.string() })) }) });
  const [snapshots, volume] = await Promise.all([
    session.request("volume", "GET", `/snapshots?all_tenants=1&volume_id=${id}`, snapshotsSchema),
    session.request("volume", "GET", `/volumes/${id}`, volumeSchema),
  ]);
  return [
    ...snapshots.snapshots.map((snapshot) => `its snapshot ${snapshot.name ?? ""} (${snapshot.id})`),
    ...volume.volume.attachments.map(({ server_id }) => `instance ${server_id}, to which it is attached`),
  ];
}
