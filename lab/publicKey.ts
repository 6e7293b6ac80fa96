import type { Problem } from "./problem.ts";

/** Key types that current OpenSSH still accepts: https://www.openssh.com/releasenotes.html (ssh-dss and small RSA keys are gone). */
const KEY_TYPES = ["ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"];

/** Shorter ones are no longer allowed: https://csrc.nist.gov/pubs/sp/800/131/a/r2/final. Enterprise Linux 9 refuses the login. */
const LEAST_RSA_BITS = 2048;

/** How private keys begin: PEM, PuTTY's own format, and OpenSSH's without its first line ("openssh-key-v1" in base64). */
const PRIVATE_KEY = /PRIVATE KEY|PuTTY-User-Key-File|Private-Lines:|b3BlbnNzaC1rZXktdjE/;

/** A key type with its key, wherever on the line; every key begins with the length of its type's name, three zero bytes first. */
const KEY = /(?:^|\s)(?:ssh|ecdsa|sk)-\S+\s+AAAA/g;

/** Whether a text has a private key in it, so that nothing of it may be shown. */
export function hasPrivateKey(text: string): boolean {
  return PRIVATE_KEY.test(text);
}

/** What is wrong with a text that must be one public key. The text itself is never shown: it may be a private key by mistake. */
export function publicKeyProblems(path: string, text: string): Problem[] {
  const reason = reasonAgainst(text.trim());
  return reason === undefined ? [] : [{ path, reason }];
}

function reasonAgainst(key: string): string | undefined {
  if (hasPrivateKey(key))
    return "is a private key; give the public one, the file that ends in .pub, and keep this one secret";
  if (/-----? ?BEGIN/.test(key))
    return "is a public key in another format than OpenSSH's; convert it with: ssh-keygen -i -f <file> (-m PKCS8 where it begins with BEGIN PUBLIC KEY)";
  if (/[\r\n]/.test(key)) return "has more than one line; give exactly one public key";
  const [first, ...others] = [...key.matchAll(KEY)];
  if (first !== undefined && others.length > 0) return "has more than one key; give exactly one";
  if (first !== undefined && first.index > 0)
    return `has something before the key, perhaps options like command="…"; begin with the type of the key: ${KEY_TYPES.join(", ")}`;
  const [type = "", base64 = "", ...comment] = key.split(/\s+/);
  if (!KEY_TYPES.includes(type))
    return `is not a public key in OpenSSH's format; it must begin with one of ${KEY_TYPES.join(", ")}`;
  if (/\p{Cc}/u.test(comment.join(" "))) return "has control characters after the key; copy the whole line again";
  const parts = /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? partsOf(Buffer.from(base64, "base64")) : [];
  if (!isKeyOf(type, parts)) return `is damaged: what follows ${type} is not such a key; copy the whole line again`;
  const bits = type === "ssh-rsa" ? bitsOf(parts[2]) : LEAST_RSA_BITS;
  if (bits < LEAST_RSA_BITS)
    return `is an RSA key of ${bits} bits, which current servers refuse; it needs at least ${LEAST_RSA_BITS}, or make another: ssh-keygen -t ed25519`;
  return undefined;
}

/** The strings of a key blob, each with its length before it; none when the lengths do not fit: https://www.rfc-editor.org/rfc/rfc4251#section-5 */
function partsOf(blob: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < blob.length;) {
    if (at + 4 > blob.length) return [];
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return [];
    parts.push(blob.subarray(at + 4, end));
    at = end;
  }
  return parts;
}

/** https://www.rfc-editor.org/rfc/rfc4253#section-6.6, https://www.rfc-editor.org/rfc/rfc5656#section-3.1, https://www.rfc-editor.org/rfc/rfc8709#section-4 */
function isKeyOf(type: string, [repeated, second, third, ...more]: readonly Buffer[]): boolean {
  if (repeated?.toString("latin1") !== type || second === undefined || more.length > 0) return false;
  if (type === "ssh-ed25519") return second.length === 32 && third === undefined;
  if (third === undefined) return false;
  return type === "ssh-rsa" ? second.length > 0 && third.length > 0 : type.endsWith(second.toString("latin1"));
}

/** Of a whole number as SSH writes it: a zero byte first where the highest bit is set. */
function bitsOf(number: Buffer | undefined): number {
  const leading = number?.findIndex((byte) => byte !== 0) ?? -1;
  const first = number?.[leading];
  return number === undefined || first === undefined ? 0 : (number.length - leading - 1) * 8 + 32 - Math.clz32(first);
}
