import ipaddr from "ipaddr.js";
import type { Problem } from "./problem.ts";

/** All addresses between two, both included, as 32-bit numbers. */
interface Ipv4Range {
  first: number;
  last: number;
}

/** A block of IPv4 addresses, from the network to the broadcast address. */
export interface Ipv4Block extends Ipv4Range {
  prefix: number;
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

/** What is wrong with an allocation pool in itself: bounds outside of the subnet's block or in the wrong order. */
export function poolProblems(path: string, { start, end }: AllocationPool, cidr: string): Problem[] {
  const problems = [...hostProblems(path, start, cidr), ...hostProblems(path, end, cidr)];
  if (problems.length > 0 || poolRange({ start, end }) !== undefined) return problems;
  return [{ path, reason: `start ${start} comes after end ${end}; exchange them` }];
}

/** Whether two pools share an address. */
export function poolsOverlap(a: AllocationPool, b: AllocationPool): boolean {
  const [one, other] = [poolRange(a), poolRange(b)];
  return one !== undefined && other !== undefined && overlap(one, other);
}

/** Whether two ranges share an address. */
export function overlap(a: Ipv4Range, b: Ipv4Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** The dotted form of a 32-bit number. */
export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** undefined unless it is two addresses in order. */
function poolRange({ start, end }: AllocationPool): Ipv4Range | undefined {
  const [first, last] = [parseIpv4Address(start), parseIpv4Address(end)];
  return first !== undefined && last !== undefined && first <= last ? { first, last } : undefined;
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
