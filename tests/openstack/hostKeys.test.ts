import { describe, expect, it } from "vitest";
import { hostKeys } from "../../openstack/hostKeys.ts";
import { PUBLIC_KEY } from "../support/publicKey.ts";

const key = PUBLIC_KEY.split(" ").slice(0, 2).join(" ");
const older = `ssh-rsa ${"A".repeat(372)}`;
const block = (...keys: string[]) =>
  ["-----BEGIN SSH HOST KEY KEYS-----", ...keys, "-----END SSH HOST KEY KEYS-----", ""].join("\n");

describe("hostKeys", () => {
  it.each([
    [
      "as cloud-init prints them",
      `boot\r\n-----BEGIN SSH HOST KEY KEYS-----\r\n${key} root@web1\r\n-----END SSH HOST KEY KEYS-----\r\nlogin:`,
    ],
    [
      "behind a prefix",
      `-----BEGIN SSH HOST KEY KEYS-----\n[   12.3] cloud-init[301]: ${key} root@web1\n[  12.3] -----END SSH HOST KEY KEYS-----`,
    ],
    ["of the last boot, when each prints them", block(older) + "booting again\n" + block(key)],
    ["after a boot that was cut off", `-----BEGIN SSH HOST KEY KEYS-----\n${older}\nbooting again\n${block(key)}`],
    ["before a boot that is not done", `${block(key)}booting again\n-----BEGIN SSH HOST KEY KEYS-----\n${older}\n`],
    ["once each", block(key, key)],
  ])("finds the keys %s", (_case, log) => {
    expect(hostKeys(log)).toEqual([key]);
  });

  it.each([
    ["none", "booting"],
    ["keys elsewhere, such as a student's own", `${key} kim\n`],
    ["a block without keys", block("ssh-ed25519 short", "no-key AAAA")],
    ["a block that is cut off", `-----BEGIN SSH HOST KEY KEYS-----\n${key}\n`],
  ])("finds none in %s", (_case, log) => {
    expect(hostKeys(log)).toEqual([]);
  });
});
