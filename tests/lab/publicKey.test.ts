import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { publicKeyProblems } from "../../lab/publicKey.ts";
import { PUBLIC_KEY } from "../support/publicKey.ts";
import { rsaPublicKey } from "../support/rsaPublicKey.ts";

/** Made with ssh-keygen; the private half was thrown away. */
const ECDSA =
  "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGYIrhSrclA4AatsaXhhz4D/VVa+kfuvyARQgSvkMEB9kfLo0jWEuoZuIADAAcIBM0JOLc/4/OqvaDvUTM6rasg= kim";

const reason = (text: string) => publicKeyProblems("key", text).map((problem) => problem.reason);

describe("a public key", () => {
  it.each([
    PUBLIC_KEY,
    `  ${PUBLIC_KEY}\r\n`,
    PUBLIC_KEY.replace(/ kim$/, ""),
    PUBLIC_KEY.replace(/ kim$/, " 김민지 @ laptop"),
    ECDSA,
    rsaPublicKey(2048),
    rsaPublicKey(4096),
  ])("is taken: %s", (text) => {
    expect(reason(text)).toEqual([]);
  });

  const { privateKey } = generateKeyPairSync("ed25519");
  it.each([
    ["a private key in PEM", privateKey.export({ type: "pkcs8", format: "pem" }).toString(), "is a private key"],
    ["one in PuTTY's format", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none", "is a private key"],
    ["one without its first line", "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAE", "is a private key"],
    ["two lines", `${PUBLIC_KEY}\n${PUBLIC_KEY}`, "has more than one line"],
    ["a key that was wrapped", PUBLIC_KEY.replace("AAAAC3", "AAAAC3\n"), "has more than one line"],
    ["two keys in a line", `${PUBLIC_KEY} ${PUBLIC_KEY}`, "has more than one key"],
    ["a forced command", `command="rm -rf ~" ${PUBLIC_KEY}`, 'options like command="…"'],
    ["options", `no-pty,from="10.0.0.0/8" ${PUBLIC_KEY}`, "has something before the key"],
    ["a DSA key", `ssh-dss ${PUBLIC_KEY.split(" ")[1] ?? ""}`, "must begin with one of ssh-ed25519, ssh-rsa"],
    ["another format", "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA", "convert it with: ssh-keygen -i"],
    ["a short RSA key", rsaPublicKey(1024), "is an RSA key of 1024 bits, which current servers refuse"],
    ["an end that is missing", PUBLIC_KEY.slice(0, 70), "is damaged: what follows ssh-ed25519"],
    ["a key of another type", PUBLIC_KEY.replace("ssh-ed25519", "ssh-rsa"), "is damaged: what follows ssh-rsa"],
    ["a sign that base64 has not", PUBLIC_KEY.replace("NTE5", "NTE5…"), "is damaged"],
    ["a type alone", "ssh-ed25519", "is damaged"],
    ["a control character", `${PUBLIC_KEY} \u001b[2J`, "has control characters after the key"],
    ["nothing", "", "is not a public key in OpenSSH's format"],
  ])("is not %s", (_what, text, expected) => {
    expect(reason(text)).toEqual([expect.stringContaining(expected)]);
    // Nothing of what was given is shown.
    expect(reason(text).join("")).not.toMatch(/AAAA|b3Blbn|rm -rf|10\.0\.0\.0/);
  });
});
