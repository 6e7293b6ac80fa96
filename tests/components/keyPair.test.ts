import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KeyPair } from "../../components/keyPair.ts";
import { PUBLIC_KEY } from "../support/publicKey.ts";
import { mockCloud, TYPES, valueOf, type MockCloud } from "../support/mockCloud.ts";

let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

describe("KeyPair", () => {
  it("gives Nova the public key and nothing else", async () => {
    expect(await valueOf(new KeyPair("kim", { publicKey: `${PUBLIC_KEY}\n` }).keyPairName)).toBe("kim");
    expect(cloud.only(TYPES.keyPair)).toEqual({ name: "kim", publicKey: PUBLIC_KEY });
  });

  it("has another name in OpenStack", async () => {
    const keyPair = new KeyPair("kim", { publicKey: PUBLIC_KEY, keyPairName: "ubuntu1804" });
    expect(await valueOf(keyPair.keyPairName)).toBe("ubuntu1804");
    expect(cloud.named(TYPES.keyPair, "kim-keypair")["name"]).toBe("ubuntu1804");
    expect(() => new KeyPair("lee", { publicKey: PUBLIC_KEY, keyPairName: "" })).toThrow("keyPairName: is empty");
  });

  it.each([
    ["-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n", "is a private key; give the public one"],
    [`${PUBLIC_KEY}\n${PUBLIC_KEY}`, "has more than one line"],
    ["ssh-dss AAAA kim", "must begin with one of ssh-ed25519"],
    [PUBLIC_KEY.replace("AAAAC3NzaC1lZDI1NTE5", "AAAAC3NzaC1lZDI1NTE"), "is damaged"],
    ["", "is not a public key"],
  ])("refuses %j without showing it", async (publicKey, reason) => {
    expect(() => new KeyPair("kim", { publicKey })).toThrow(reason);
    expect(() => new KeyPair("kim", { publicKey })).not.toThrow("c2VjcmV0");
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });
});
