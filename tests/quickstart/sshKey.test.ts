import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { publicKeyProblems } from "../../lab/publicKey.ts";
import { ensureSshKey } from "../../quickstart/sshKey.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "key-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("ensureSshKey", () => {
  it("makes a pair that only its owner can read, once", async () => {
    const file = join(folder, "new", "key");
    expect(await ensureSshKey(file)).toBe("made");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const publicKey = readFileSync(`${file}.pub`, "utf8");
    expect(publicKeyProblems("publicKey", publicKey)).toEqual([]);
    expect(await ensureSshKey(file)).toBe("kept");
    expect(readFileSync(`${file}.pub`, "utf8")).toBe(publicKey);
  });

  it.each(["key", "key.pub"])("refuses to overwrite when only %s is there", async (half) => {
    writeFileSync(join(folder, half), "precious");
    await expect(ensureSshKey(join(folder, "key"))).rejects.toThrow("exists without its other half");
    expect(readFileSync(join(folder, half), "utf8")).toBe("precious");
  });
});
