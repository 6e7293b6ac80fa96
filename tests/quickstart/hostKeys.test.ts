import { describe, expect, it } from "vitest";
import { hostKeys } from "../../quickstart/verify.ts";
import { PUBLIC_KEY } from "../support/publicKey.ts";

const key = PUBLIC_KEY.split(" ").slice(0, 2).join(" ");

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
  ])("finds the keys %s", (_case, log) => {
    expect(hostKeys(log)).toEqual([key]);
  });

  it.each([
    ["none", "booting"],
    ["keys elsewhere, such as a student's own", `${key} kim\n`],
    ["a block that is cut off", `-----BEGIN SSH HOST KEY KEYS-----\n${key}\n`],
  ])("finds none in %s", (_case, log) => {
    expect(hostKeys(log)).toEqual([]);
  });
});
