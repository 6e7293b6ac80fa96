import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { keepHostKeys, knownHostsText, learnt, parseKnownHosts } from "../../cli/instances/knownHosts.ts";
import { PUBLIC_KEY } from "../support/publicKey.ts";

const KEY = PUBLIC_KEY.split(" ").slice(0, 2).join(" ");
const RSA = "ssh-rsa AAAAB3NzaC1yc2E";
const kim = { hostKeyAlias: "c.kim.web1", instanceId: "vm-1" };
const lee = { hostKeyAlias: "c.lee.web1", instanceId: "vm-2", key: KEY };

const folder = mkdtempSync(join(tmpdir(), "classroom-known-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("learnt", () => {
  it.each([
    [
      "all keys that are shown",
      [],
      [{ ...kim, keys: [KEY, RSA] }],
      [
        { ...kim, key: KEY },
        { ...kim, key: RSA },
      ],
    ],
    ["what is shown instead of what was", [{ ...kim, key: RSA }], [{ ...kim, keys: [KEY] }], [{ ...kim, key: KEY }]],
    ["what was shown, when nothing is", [{ ...kim, key: KEY }], [{ ...kim, keys: [] }], [{ ...kim, key: KEY }]],
    ["nothing of the instance before", [{ ...kim, key: KEY }], [{ ...kim, instanceId: "vm-9", keys: [] }], []],
    ["others as they are", [lee], [{ ...kim, keys: [] }], [lee]],
  ])("keeps %s", (_case, before, shown, after) => {
    expect(learnt(before, shown)).toEqual(after);
  });
});

describe("the file", () => {
  const file = join(folder, "a", "known_hosts");

  it("is one that OpenSSH finds the key in, readable for its owner alone", () => {
    keepHostKeys(file, [{ ...kim, keys: [KEY] }]);
    expect(execFileSync("ssh-keygen", ["-F", kim.hostKeyAlias, "-f", file]).toString()).toContain(KEY);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(parseKnownHosts(readFileSync(file, "utf8"))).toEqual([{ ...kim, key: KEY }]);
  });

  it("is left alone when nothing is new", () => {
    const { ino } = statSync(file);
    keepHostKeys(file, [{ ...kim, keys: [KEY] }]);
    keepHostKeys(file, [{ ...kim, keys: [] }]);
    expect(statSync(file).ino).toBe(ino);
  });

  it("loses lines that are not ours", () => {
    expect(parseKnownHosts(`# a comment of four\n\nhost ${KEY}\n${knownHostsText([lee])}x ${KEY} y z\n`)).toEqual([
      lee,
    ]);
  });
});
