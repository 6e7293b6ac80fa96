import { z } from "zod";
import { apiOnly } from "../local-cloud/cloudKind.ts";
import { nothing, type Session } from "../openstack/session.ts";
import { OUTSIDE } from "./student.ts";

/** The API-only cloud takes any; of the local cloud's (local-cloud/physicalNetworks.ts) one that `npm start` does not use. */
const PHYSICAL_NETWORK = apiOnly ? OUTSIDE.name : "external";

const listSchema = z.object({ networks: z.array(z.object({ id: z.string(), subnets: z.array(z.string()) })) });

/** Makes the provider network that all variants share, unless it is there. */
export async function ensureOutside(session: Session): Promise<void> {
  const found = await outside(session);
  const id = found?.id ?? (await makeNetwork(session));
  if (found?.subnets.length !== 1) await makeSubnet(session, id);
}

/** Fails while anything is on it. */
export async function removeOutside(session: Session): Promise<void> {
  const found = await outside(session);
  if (found !== undefined) await session.request("network", "DELETE", `/v2.0/networks/${found.id}`, nothing);
}

async function outside(session: Session) {
  const { networks } = await session.request("network", "GET", `/v2.0/networks?name=${OUTSIDE.name}`, listSchema);
  return networks[0];
}

async function makeNetwork(session: Session): Promise<string> {
  const network = {
    ...{ name: OUTSIDE.name, "router:external": true },
    ...{ "provider:network_type": "flat", "provider:physical_network": PHYSICAL_NETWORK },
  };
  const schema = z.object({ network: z.object({ id: z.string() }) });
  return (await session.request("network", "POST", "/v2.0/networks", schema, { body: { network } })).network.id;
}

async function makeSubnet(session: Session, network_id: string): Promise<void> {
  const { cidr, gateway, pool } = OUTSIDE;
  const subnet = { network_id, ip_version: 4, cidr, gateway_ip: gateway, allocation_pools: [pool], enable_dhcp: false };
  await session.request("network", "POST", "/v2.0/subnets", nothing, { body: { subnet } });
}
