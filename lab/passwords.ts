import { createHmac } from "node:crypto";

/** 18 bytes are 144 random bits and 24 characters, which every OpenStack accepts. */
const PASSWORD_BYTES = 18;

/** Fewer characters would make the seed easier to guess than what is derived from it. */
export const SHORTEST_SEED = 32;

/**
 * A password that is always the same for the same seed and purpose, and tells nothing about any other (HMAC-SHA-256, RFC 2104). So it
 * need not be kept anywhere, and a student keeps theirs whatever happens to the state.
 *
 * @param purpose e.g. ["user", course, student, user name]
 */
export function derivePassword(seed: string, purpose: readonly string[]): string {
  return createHmac("sha256", seed)
    .update(JSON.stringify(purpose))
    .digest()
    .subarray(0, PASSWORD_BYTES)
    .toString("base64url");
}
