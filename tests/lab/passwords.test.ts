import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { derivePassword } from "../../lab/passwords.ts";

const seed = fc.string({ minLength: 32, maxLength: 64 });
const purpose = fc.array(fc.string(), { minLength: 1, maxLength: 5 });

describe("derived passwords", () => {
  it("are the same for ever", () => {
    // Made with: printf '["user","net101","kim","kim"]' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef -binary | head -c 18 | basenc --base64url
    expect(derivePassword("0123456789abcdef0123456789abcdef", ["user", "net101", "kim", "kim"])).toBe(
      "SrUexdbAhTn6YZDA_l7JtYSP",
    );
  });

  it("have 24 letters, digits, dashes and underscores", () => {
    fc.assert(
      fc.property(seed, purpose, (from, what) => {
        expect(derivePassword(from, what)).toMatch(/^[A-Za-z0-9_-]{24}$/);
        expect(derivePassword(from, what)).toBe(derivePassword(from, [...what]));
      }),
    );
  });

  it("differ for another seed and for every other purpose, however its parts are cut", () => {
    fc.assert(
      fc.property(seed, seed, purpose, purpose, (from, other, what, another) => {
        if (from !== other) expect(derivePassword(from, what)).not.toBe(derivePassword(other, what));
        if (JSON.stringify(what) !== JSON.stringify(another))
          expect(derivePassword(from, what)).not.toBe(derivePassword(from, another));
      }),
    );
    const of = (...parts: string[]) => derivePassword("x".repeat(32), parts);
    expect(new Set([of("user", "ab", "c"), of("user", "a", "bc"), of("user", "abc"), of("user", 'ab","c')]).size).toBe(
      4,
    );
  });
});
