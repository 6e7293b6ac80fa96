import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blockProblems,
  formatIpv4,
  hostProblems,
  overlap,
  parseIpv4Address,
  parseIpv4Block,
  poolProblems,
  poolsOverlap,
} from "../../lab/ipv4.ts";

const address = fc.nat({ max: 2 ** 32 - 1 });
const block = fc.tuple(address, fc.integer({ min: 0, max: 32 })).map(([any, prefix]) => {
  const size = 2 ** (32 - prefix);
  return { first: any - (any % size), size, prefix };
});

describe("IPv4", () => {
  it("reads back every address it writes", () => {
    fc.assert(fc.property(address, (number) => parseIpv4Address(formatIpv4(number)) === number));
  });

  it("reads every network and its bounds", () => {
    fc.assert(
      fc.property(block, ({ first, size, prefix }) => {
        expect(parseIpv4Block(`${formatIpv4(first)}/${prefix}`)).toEqual({ prefix, first, last: first + size - 1 });
      }),
    );
  });

  it("refuses an address with host bits as a network, and names the network", () => {
    fc.assert(
      fc.property(block, fc.nat(), ({ first, size, prefix }, any) => {
        fc.pre(size > 1);
        const inside = first + 1 + (any % (size - 1));
        const text = `${formatIpv4(inside)}/${prefix}`;
        expect(parseIpv4Block(text)).toBeUndefined();
        expect(blockProblems("cidr", text, 32)[0]?.reason).toContain(`"${formatIpv4(first)}/${prefix}"`);
      }),
    );
  });

  it("never takes another text for an address or a network, and never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const number = parseIpv4Address(text);
        if (number !== undefined) expect(formatIpv4(number)).toBe(text);
        if (!text.includes("/")) expect(parseIpv4Block(text)).toBeUndefined();
      }),
    );
  });

  it.each([
    "10.0.0",
    "010.0.0.1",
    "1.2.3.4.5",
    "256.1.1.1",
    "1.2.3.4 ",
    "0x7f.1.1.1",
    "::1",
    "1.2.3.4/",
    "1.2.3.0/24/8",
    "1.2.3.0/024",
    "1.2.3.0/33",
    "1.2.3.0/-1",
  ])("refuses %j", (text) => {
    expect(parseIpv4Address(text)).toBeUndefined();
    expect(parseIpv4Block(text)).toBeUndefined();
  });

  it("finds an overlap exactly when two blocks share an address, in either order", () => {
    fc.assert(
      fc.property(block, block, (one, other) => {
        const a = { prefix: one.prefix, first: one.first, last: one.first + one.size - 1 };
        const b = { prefix: other.prefix, first: other.first, last: other.first + other.size - 1 };
        const shared = Math.max(a.first, b.first) <= Math.min(a.last, b.last);
        expect(overlap(a, b)).toBe(shared);
        expect(overlap(b, a)).toBe(shared);
      }),
    );
  });

  it("takes a pool exactly when both ends are usable and in order", () => {
    const host = fc.integer({ min: -5, max: 260 });
    fc.assert(
      fc.property(host, host, (start, end) => {
        const base = parseIpv4Address("10.0.7.0") ?? 0;
        const usable = (offset: number) => offset >= 1 && offset <= 254;
        const pool = { start: formatIpv4(base + start), end: formatIpv4(base + end) };
        const good = usable(start) && usable(end) && start <= end;
        expect(poolProblems("pool", pool, "10.0.7.0/24").length === 0).toBe(good);
      }),
    );
  });

  it.each([
    ["10.0.7.1", "10.0.7.9", false],
    ["10.0.7.1", "10.0.7.10", true],
    ["10.0.7.12", "10.0.7.13", true],
    ["10.0.7.1", "10.0.7.99", true],
    ["10.0.7.20", "10.0.7.30", true],
    ["10.0.7.21", "10.0.7.30", false],
    ["10.0.7.13", "10.0.7.12", false],
  ])("counts both ends into a pool: %s-%s shares an address with 10.0.7.10-10.0.7.20: %j", (start, end, shared) => {
    const pool = { start: "10.0.7.10", end: "10.0.7.20" };
    expect(poolsOverlap({ start, end }, pool)).toBe(shared);
    expect(poolsOverlap(pool, { start, end })).toBe(shared);
  });

  it("refuses the network and the broadcast address as a host", () => {
    expect(hostProblems("gatewayIp", "10.0.7.0", "10.0.7.0/24")).toHaveLength(1);
    expect(hostProblems("gatewayIp", "10.0.7.255", "10.0.7.0/24")).toHaveLength(1);
    expect(hostProblems("gatewayIp", "10.0.7.254", "10.0.7.0/24")).toEqual([]);
  });
});
