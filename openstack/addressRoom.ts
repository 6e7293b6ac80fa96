import ipaddr from "ipaddr.js";
import { z } from "zod";
import type { Session } from "./session.ts";
import { ifVisible } from "./visible.ts";

/** How many IPv4 addresses of a network are given out, and can be. */
export interface AddressRoom {
  /** Addresses of all allocation pools. */
  total: number;
  used: number;
  /** false: only what these credentials see is counted as used, so there may be fewer free. */
  exact: boolean;
}

const availabilitySchema = z.object({
  network_ip_availability: z.object({
    subnet_ip_availability: z.array(z.object({ ip_version: z.number(), total_ips: z.number(), used_ips: z.number() })),
  }),
});
const poolSchema = z.object({ start: z.string(), end: z.string() });
const subnetsSchema = z.object({ subnets: z.array(z.object({ allocation_pools: z.array(poolSchema) })) });
const fixedIps = z.array(z.object({ ip_address: z.string() })).default([]);
const portsSchema = z.object({ ports: z.array(z.object({ fixed_ips: fixedIps })) });
const floatingIpsSchema = z.object({ floatingips: z.array(z.object({ floating_ip_address: z.string() })) });
const routersSchema = z.object({
  routers: z.array(
    z.object({
      external_gateway_info: z.object({ network_id: z.string(), external_fixed_ips: fixedIps }).nullish(),
    }),
  ),
});

/**
 * Addresses of a network. Neutron tells an administrator; anybody else gets what follows from the pools and from what they see there.
 * https://docs.openstack.org/api-ref/network/v2/#network-ip-availability-and-usage-stats
 *
 * @returns undefined when these credentials see no subnet of it
 */
export async function readAddressRoom(session: Session, networkId: string): Promise<AddressRoom | undefined> {
  const path = `/v2.0/network-ip-availabilities/${networkId}`;
  const told = await ifVisible(session.request("network", "GET", path, availabilitySchema));
  if (told === undefined) return seenRoom(session, networkId);
  const subnets = told.network_ip_availability.subnet_ip_availability.filter(({ ip_version }) => ip_version === 4);
  return {
    total: sum(subnets.map(({ total_ips }) => total_ips)),
    used: sum(subnets.map(({ used_ips }) => used_ips)),
    exact: true,
  };
}

async function seenRoom(session: Session, networkId: string): Promise<AddressRoom | undefined> {
  const of = `network_id=${networkId}`;
  const [{ subnets }, { ports }, { floatingips }, { routers }] = await Promise.all([
    session.request("network", "GET", `/v2.0/subnets?${of}&ip_version=4`, subnetsSchema),
    session.request("network", "GET", `/v2.0/ports?${of}&fields=fixed_ips`, portsSchema),
    session.request("network", "GET", `/v2.0/floatingips?floating_${of}`, floatingIpsSchema),
    session.request("network", "GET", "/v2.0/routers", routersSchema),
  ]);
  if (subnets.length === 0) return undefined;
  const gateways = routers.flatMap(({ external_gateway_info: gateway }) =>
    gateway?.network_id === networkId ? gateway.external_fixed_ips : [],
  );
  const pools = subnets.flatMap(({ allocation_pools }) =>
    allocation_pools.map(({ start, end }) => ({ first: asNumber(start), last: asNumber(end) })),
  );
  const seen = new Set([
    ...[...gateways, ...ports.flatMap(({ fixed_ips }) => fixed_ips)].map(({ ip_address }) => ip_address),
    ...floatingips.map(({ floating_ip_address }) => floating_ip_address),
  ]);
  const used = [...seen].filter(
    (address) =>
      ipaddr.IPv4.isValid(address) &&
      pools.some(({ first, last }) => first <= asNumber(address) && asNumber(address) <= last),
  );
  return { total: sum(pools.map(({ first, last }) => last - first + 1)), used: used.length, exact: false };
}

function asNumber(address: string): number {
  return ipaddr.IPv4.parse(address).octets.reduce((number, octet) => number * 256 + octet, 0);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
