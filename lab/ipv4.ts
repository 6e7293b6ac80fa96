import ipaddr from "ipaddr.js";
import type { Problem } from "./problem.ts";

/** A block of IPv4 addresses; the bounds are the network and the broadcast address as 32-bit numbers. */
export interface Ipv4Block {
  prefix: number;
  first: number;
  last: number;
}

/** The number of a dotted IPv4 address, or undefined when the text is not one. Leading zeros and short forms are refused. */
export function parseIpv4Address(text: string): number | undefined {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined;
  return toNumber(ipaddr.IPv4.parse(text).octets);
}

/** The block of `a.b.c.d/prefix`, or undefined when the text is not one or has host bits set. */
export function parseIpv4Block(text: string): Ipv4Block | undefined {
  const block = parseLoosely(text);
  return block !== undefined && block.address === block.first
    ? { prefix: block.prefix, first: block.first, last: block.last }
    : undefined;
}

/**
 * What is wrong with a block that must be a network of at least `smallest` size.
 *
 * @param longestPrefix smallest network allowed, as a prefix length
 */
export function blockProblems(path: string, text: string, longestPrefix: number): Problem[] {
  const block = parseLoosely(text);
  if (block === undefined) return [{ path, reason: `"${text}" is not an IPv4 network; write one like "10.0.7.0/24"` }];
  if (block.address !== block.first)
    return [
      {
        path,
        reason: `"${text}" is an address, not a network; the network is "${formatIpv4(block.first)}/${block.prefix}"`,
      },
    ];
  if (block.prefix > longestPrefix)
    return [{ path, reason: `/${block.prefix} has too few addresses; use /${longestPrefix} or larger` }];
  return [];
}

/** What is wrong with a text that must be one IPv4 address. */
export function addressProblems(path: string, text: string): Problem[] {
  return parseIpv4Address(text) === undefined
    ? [{ path, reason: `"${text}" is not an IPv4 address; write one like "10.0.7.1"` }]
    : [];
}

/** What is wrong with an address that must be a usable one of the block (not its network or broadcast address). */
export function hostProblems(path: string, text: string, cidr: string): Problem[] {
  const wrong = addressProblems(path, text);
  const address = parseIpv4Address(text);
  const block = parseIpv4Block(cidr);
  if (wrong.length > 0 || address === undefined || block === undefined) return wrong;
  if (address > block.first && address < block.last) return [];
  return [
    {
      path,
      reason: `${text} is not a usable address of ${cidr}; choose one from ${formatIpv4(block.first + 1)} to ${formatIpv4(block.last - 1)}`,
    },
  ];
}

/** An inclusive range of addresses that Neutron hands out. */
export interface AllocationPool {
  start: string;
  end: string;
}

/**
 * The network that is meant by a network's address with too short a prefix: 10.5.117.0/8 lies in 10.0.0.0/8. Everything else is
 * returned as it is, and so is an address that is no network's (172.31.0.1/24): that is another mistake.
 */
export function widened(text: string): string {
  const block = parseLoosely(text);
  return block === undefined || block.address === block.first || block.address % 256 !== 0
    ? text
    : `${formatIpv4(block.first)}/${block.prefix}`;
}

/** The bounds of `a.b.c.d-e.f.g.h`, or undefined when the text is not two addresses. */
export function parsePool(text: string): AllocationPool | undefined {
  const [start = "", end = "", ...rest] = text.split("-").map((part) => part.trim());
  return rest.length === 0 && parseIpv4Address(start) !== undefined && parseIpv4Address(end) !== undefined
    ? { start, end }
    : undefined;
}

/** The bounds of every range that is one; the others were refused when the lab was read. */
export function parsePools(texts: readonly string[]): AllocationPool[] {
  return texts.flatMap((text) => parsePool(text) ?? []);
}

/** What is wrong with an allocation pool of a subnet: bounds outside the block, in the wrong order, or the gateway inside. */
export function poolProblems(path: string, pool: AllocationPool, cidr: string, gatewayIp?: string): Problem[] {
  const problems = [...hostProblems(`${path}.start`, pool.start, cidr), ...hostProblems(`${path}.end`, pool.end, cidr)];
  const [start, end] = [parseIpv4Address(pool.start), parseIpv4Address(pool.end)];
  if (problems.length > 0 || start === undefined || end === undefined) return problems;
  if (start > end) return [{ path, reason: `start ${pool.start} comes after end ${pool.end}; exchange them` }];
  const gateway = gatewayIp === undefined ? undefined : parseIpv4Address(gatewayIp);
  if (gateway !== undefined && gateway >= start && gateway <= end)
    return [
      {
        path,
        reason: `the gateway ${formatIpv4(gateway)} lies inside ${pool.start}–${pool.end}; move the pool or the gateway`,
      },
    ];
  return [];
}

/** Whether two blocks share an address. */
export function overlap(a: Ipv4Block, b: Ipv4Block): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** The dotted form of a 32-bit number. */
export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

function parseLoosely(text: string): (Ipv4Block & { address: number }) | undefined {
  const [addressText = "", prefixText = "", ...rest] = text.split("/");
  const address = parseIpv4Address(addressText);
  if (address === undefined || rest.length > 0 || !/^(\d|[12]\d|3[0-2])$/.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  const size = 2 ** (32 - prefix);
  const first = address - (address % size);
  return { address, prefix, first, last: first + size - 1 };
}

function toNumber(octets: readonly number[]): number {
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}
