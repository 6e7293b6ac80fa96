import { generateKeyPairSync } from "node:crypto";

/** A new public key in OpenSSH's format: https://www.rfc-editor.org/rfc/rfc4253#section-6.6 */
export function rsaPublicKey(bits: number): string {
  const { n = "", e = "" } = generateKeyPairSync("rsa", { modulusLength: bits }).publicKey.export({ format: "jwk" });
  const whole = (digits: string) => {
    const number = Buffer.from(digits, "base64url");
    return (number[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), number]) : number;
  };
  const blob = [Buffer.from("ssh-rsa"), whole(e), whole(n)].flatMap((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return [length, part];
  });
  return `ssh-rsa ${Buffer.concat(blob).toString("base64")} kim`;
}
